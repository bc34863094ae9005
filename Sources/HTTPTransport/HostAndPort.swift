/// The spelling `host:port`, as proxies and their exceptions have it.
enum HostAndPort {
    /// Takes a text apart; the host loses its brackets, the port may be missing. Nil for a port that is none.
    ///
    /// More than one colon outside brackets is an IPv6 address, which then has no port.
    static func split(_ text: Substring) -> (host: String, port: Int?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<end])
            // Brackets are for IPv6 alone.
            guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
            return with(host, port: text[text.index(after: end)...])
        }
        guard let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") else { return (String(text), nil) }
        return with(String(text[..<colon]), port: text[colon...])
    }

    /// - Parameter port: nothing, or a colon and the port.
    private static func with(_ host: String, port: Substring) -> (host: String, port: Int?)? {
        if port.isEmpty { return (host, nil) }
        let digits = port.utf8.dropFirst()
        guard port.utf8.first == UInt8(ascii: ":"), (1...5).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(Substring(digits)), (1...65535).contains(number)
        else { return nil }
        return (host, number)
    }
}
