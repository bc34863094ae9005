import Testing

@testable import WebAddress

@Suite("The class of an address", .timeLimit(.minutes(1)))
struct SpecialAddressTests {
    @Test(arguments: [
        ("0.0.0.0", SpecialAddress.unspecified), ("0.255.255.255", .unspecified),
        ("10.0.0.0", .privateUse), ("10.255.255.255", .privateUse),
        ("100.64.0.0", .privateUse), ("100.127.255.255", .privateUse),
        ("127.0.0.0", .loopback), ("127.255.255.255", .loopback),
        ("168.63.129.16", .metadata), ("169.254.169.254", .metadata),
        ("169.254.0.0", .linkLocal), ("169.254.255.255", .linkLocal),
        ("172.16.0.0", .privateUse), ("172.31.255.255", .privateUse),
        ("192.0.0.0", .reserved), ("192.0.0.255", .reserved),
        ("192.0.2.0", .documentation), ("192.0.2.255", .documentation),
        ("192.88.99.0", .reserved), ("192.88.99.255", .reserved),
        ("192.168.0.0", .privateUse), ("192.168.255.255", .privateUse),
        ("198.18.0.0", .reserved), ("198.19.255.255", .reserved),
        ("198.51.100.0", .documentation), ("198.51.100.255", .documentation),
        ("203.0.113.0", .documentation), ("203.0.113.255", .documentation),
        ("224.0.0.0", .multicast), ("239.255.255.255", .multicast),
        ("240.0.0.0", .reserved), ("255.255.255.254", .reserved), ("255.255.255.255", .broadcast),
    ])
    func edgesOfIPv4Ranges(text: String, kind: SpecialAddress) throws {
        #expect(try #require(IPAddress(text)).special == kind)
    }

    @Test(arguments: [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
        "191.255.255.255", "192.0.1.0", "192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255",
    ])
    func justOutsideIPv4RangesIsPublic(text: String) throws {
        #expect(try #require(IPAddress(text)).special == nil)
    }

    @Test(arguments: [
        ("::", SpecialAddress.unspecified), ("::1", .loopback), ("fd00:ec2::254", .metadata),
        ("fc00::", .privateUse), ("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .privateUse),
        ("fe80::", .linkLocal), ("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .linkLocal),
        ("fec0::", .privateUse), ("feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .privateUse),
        ("ff00::", .multicast), ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .multicast),
        ("2001:db8::", .documentation), ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", .documentation),
        ("3fff::", .documentation), ("3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", .documentation),
        ("2001::", .reserved), ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", .reserved),
        ("64:ff9b:1::", .privateUse), ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", .privateUse),
        ("100::", .reserved), ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .reserved), ("4000::", .reserved),
        ("5f00::", .reserved), ("fbff::", .reserved), ("fe00::", .reserved), ("fe7f:ffff::", .reserved),
    ])
    func edgesOfIPv6Ranges(text: String, kind: SpecialAddress) throws {
        #expect(try #require(IPAddress(text)).special == kind)
    }

    @Test(arguments: [
        "2000::", "2000:ffff::", "2001:200::", "2001:db7:ffff::", "2001:db9::", "2003::", "2606:4700::1111",
        "3ffe:ffff::", "3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ])
    func justOutsideIPv6RangesIsPublic(text: String) throws {
        #expect(try #require(IPAddress(text)).special == nil)
    }

    @Test(arguments: ["::%", "::ffff:%", "::ffff:0:%", "64:ff9b::%"])
    func embeddedIPv4CountsAsItself(form: String) throws {
        let inside: [(String, SpecialAddress?)] = [
            ("127.0.0.1", .loopback), ("10.1.2.3", .privateUse), ("169.254.169.254", .metadata), ("8.8.8.8", nil),
        ]
        for (text, kind) in inside {
            let address = try #require(IPAddress(form.replacing("%", with: text)))
            #expect(address.special == kind)
        }
    }

    @Test(arguments: [
        ("2002:7f00:1::", SpecialAddress.loopback), ("2002:a9fe:a9fe:1::2", .metadata),
        ("2002:c0a8:101::", .privateUse),
        ("2002:808:808::", nil),
    ])
    func sixToFourCountsAsTheGatewayInside(text: String, kind: SpecialAddress?) throws {
        #expect(try #require(IPAddress(text)).special == kind)
    }

    @Test(
        arguments: [
            ("127.0.0.1", 0x7f00_0001), ("127.1", 0x7f00_0001), ("127.0.1", 0x7f00_0001), ("0x7f.1", 0x7f00_0001),
            ("0x7f000001", 0x7f00_0001), ("017700000001", 0x7f00_0001), ("2130706433", 0x7f00_0001),
            ("0177.0.0.01", 0x7f00_0001), ("0", 0), ("1.65535", 0x0100_ffff), ("4294967295", 0xffff_ffff),
        ] as [(String, UInt32)])
    func everySpellingOfIPv4IsRead(text: String, value: UInt32) {
        #expect(IPAddress(text) == .v4(value))
    }

    @Test(arguments: [
        "", ".", "1.", "1..2", "1.2.3.4.5", "256.0.0.1", "1.16777216", "4294967296", "08", "0x", "0xg", "+1",
        "-1", "1e3",
        "a.b", "::1%lo", "[::1]", ":", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7", "::1.2.3",
        "99999999999999999999999",
    ])
    func whatIsNoAddressIsNone(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("0x7f.1", "127.0.0.1"), ("4294967295", "255.255.255.255"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
        ("0:1:2:3:4:5:0:0", "0:1:2:3:4:5::"), ("::ffff:1.2.3.4", "::ffff:102:304"), ("::1.2.3.4", "::102:304"),
    ])
    func addressHasOneSpelling(text: String, spelling: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.text == spelling)
        #expect(IPAddress(spelling) == address)
    }
}
