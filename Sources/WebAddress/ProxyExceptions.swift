/// The hosts that are reached without a proxy: what `NO_PROXY` says.
package struct ProxyExceptions: Sendable {
    private enum Entry: Sendable {
        case everything
        /// This name and all names below it; nil is every port.
        case domain(String, port: Int?)
        case block(AddressBlock, port: Int?)
    }

    private let entries: [Entry]

    /// Reads the list. Its parts are separated by commas or blanks.
    ///
    /// | part | covers |
    /// |---|---|
    /// | `*` | every host |
    /// | `example.com`, `.example.com`, `*.example.com` | this host and every host below it |
    /// | `192.0.2.7`, `2001:db8::7`, `[2001:db8::7]` | this address, however the url spells it |
    /// | `192.0.2.0/24`, `2001:db8::/32` | these addresses, in urls; names are not looked up for this |
    /// | any of the second and third row with `:8443` behind it (IPv6 in brackets) | the same, this port alone |
    ///
    /// Other parts are passed over: the list is written for all programs of a machine, and some have rules of their own.
    package init(_ list: String) {
        entries = list.split { $0 == "," || $0.isWhitespace }.compactMap { Self.entry($0) }
    }

    package func cover(_ origin: WebURL.Origin) -> Bool {
        entries.contains { entry in
            switch (entry, origin.host) {
            case (.everything, _): true
            case (.domain(let domain, let port), .name(let name)):
                (name == domain || name.hasSuffix("." + domain)) && port ?? origin.port == origin.port
            case (.block(let block, let port), .address(let address)):
                block.contains(address) && port ?? origin.port == origin.port
            case (.domain, .address), (.block, .name): false
            }
        }
    }

    private static func entry(_ text: Substring) -> Entry? {
        if text == "*" { return .everything }
        if text.utf8.contains(UInt8(ascii: "/")) {
            return AddressBlock(text).map { .block($0, port: nil) }
        }
        let bare = text.hasPrefix("*.") ? text.dropFirst(2) : text.hasPrefix(".") ? text.dropFirst() : text
        guard let (host, port) = HostAndPort.host(in: bare) else { return nil }
        switch host {
        case .name(let name): return .domain(name, port: port)
        case .address(let address): return .block(AddressBlock(address), port: port)
        }
    }
}

/// All addresses that begin with the same bits.
struct AddressBlock: Sendable {
    private let base: IPAddress
    /// How many bits are the same.
    private let prefix: Int

    /// The block of one address.
    init(_ address: IPAddress) {
        base = address
        prefix = address.width
    }

    /// Reads `address/bits`.
    init?(_ text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPAddress(parts[0].lowercased()), let prefix = Int(parts[1]),
            (0...base.width).contains(prefix)
        else { return nil }
        self.base = base
        self.prefix = prefix
    }

    func contains(_ address: IPAddress) -> Bool {
        switch (base, address) {
        case (.v4(let base), .v4(let value)): (base ^ value) >> UInt32(32 - prefix) == 0
        case (.v6(let base), .v6(let value)): (base ^ value) >> UInt128(128 - prefix) == 0
        case (.v4, .v6), (.v6, .v4): false
        }
    }
}

extension IPAddress {
    /// How many bits it has.
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }
}
