import Foundation
import Testing

extension EndToEnd {
    /// Urls that lead into the local network; the API itself is beyond loopback here, as it is in earnest.
    @Suite(.timeLimit(.minutes(5)), .enabled(if: ownAddress != nil, "the machine has no address beside loopback"))
    struct AddressTests {
        private static let own = ownAddress ?? ""

        private static let inward = [
            "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "LOCALHOST.", "x.localhost",
            "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "224.0.0.1",
            "255.255.255.255", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fd00::1]", "[fe80::1]",
            "[64:ff9b::7f00:1]", "[2002:7f00:1::]", own,
        ]

        @Test func urlIntoTheLocalNetworkIsRejectedBeforeAnyRequest() async throws {
            let inside = try FaultServer { exchange in exchange.good }
            let port = inside.url.split(separator: ":").last ?? ""
            let server = try FaultServer(address: Self.own) { exchange in
                let index = Int(exchange.id.suffix(4), radix: 16) ?? 0
                return exchange.completed(url: "http://\(Self.inward[index]):\(port)/images/\(exchange.id).png")
            }
            let night = try Night(server, strangers: [inside])
            let records = try await night.run(
                Self.inward.indices.map { line(faultID($0)) }, ["--allow-http", "--connect-timeout", "1s"], status: nil)
            for (index, host) in Self.inward.enumerated() {
                #expect(records[index + 1]?.code == "url_rejected", "\(host): \(records[index + 1]?.line ?? "")")
            }
            #expect(inside.heads == [])
        }

        /// The name says nothing of its address, so that only the connection itself can tell.
        @Test func nameOfALocalAddressIsRejectedAfterDNS() async throws {
            var bytes = [CChar](repeating: 0, count: 256)
            gethostname(&bytes, bytes.count - 1)
            let name = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let addresses = try await tool("/usr/bin/getent", ["ahosts", name], in: Scratch()).standardOutput
            guard name != "localhost", addresses.hasPrefix("127.") else {
                print("Not tested: this machine's own name does not resolve to loopback.")
                return
            }
            let inside = try FaultServer { exchange in exchange.good }
            let port = inside.url.split(separator: ":").last ?? ""
            let server = try FaultServer(address: Self.own) { $0.completed(url: "http://\(name):\(port)/x.png") }
            let night = try Night(server, strangers: [inside])
            let records = try await night.run([line(faultID(0))], ["--allow-http"], status: 1)
            #expect(records[1]?.code == "url_rejected", "\(records)")
            #expect(inside.heads == [])
        }

        @Test func redirectIntoTheLocalNetworkIsNotFollowed() async throws {
            let inside = try FaultServer { exchange in exchange.good }
            let server = try FaultServer(address: Self.own, elsewhere: inside.url) { exchange in
                switch (exchange.isPoll, exchange.id) {
                case (true, faultID(0)), (false, faultID(1)):
                    Act.reply(302, ["Location: \(exchange.elsewhere)\(exchange.target)"])
                default: exchange.good
                }
            }
            let night = try Night(server, strangers: [inside])
            let records = try await night.run(
                (0..<3).map { line(faultID($0)) }, ["--allow-http", "--allow-host", Self.own], status: 75)
            #expect(records[1]?.code == "http_error", "\(records)")
            #expect(records[2]?.code == "url_rejected", "\(records)")
            #expect(records[3]?.status == "downloaded", "\(records)")
            #expect(inside.heads == [])
        }
    }
}

/// An IPv4 address of this machine that is not loopback.
private let ownAddress: String? = {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var next = list
    while let entry = next {
        next = entry.pointee.ifa_next
        guard let address = entry.pointee.ifa_addr, Int32(address.pointee.sa_family) == AF_INET else { continue }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { continue }
        let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if !name.hasPrefix("127.") { return name }
    }
    return nil
}()
