import Glibc

/// Removes the API key from replies that repeat it, as some gateways do when they quote a header that they reject.
///
/// What the API says ends up in records and in logs, where the key must not be.
struct KeyRedaction: Sendable {
    private let key: [UInt8]
    private static let replacement = Array("[key]".utf8)

    /// A shorter key could be a part of any word, and redacting it would only do harm.
    private static let shortest = 8

    init(_ key: String) {
        self.key = key.utf8.count < Self.shortest ? [] : Array(key.utf8)
    }

    /// The bytes with every occurrence of the key replaced.
    func redacting(_ bytes: [UInt8]) -> [UInt8] {
        guard !key.isEmpty, let first = position(in: bytes[...]) else { return bytes }
        var redacted: [UInt8] = []
        var rest = bytes[...]
        var next: Int? = first
        while let found = next {
            redacted += rest[..<found] + Self.replacement
            rest = rest[(found + key.count)...]
            next = position(in: rest)
        }
        return redacted + rest
    }

    /// Where the key begins. Replies are short and rarely hold even its first byte twice, so a plain search is enough.
    private func position(in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { bytes -> Int? in
            var start = 0
            while start + key.count <= bytes.count {
                guard let base = bytes.baseAddress,
                    let found = memchr(base + start, Int32(key[0]), bytes.count - start - key.count + 1)
                else { return nil }
                start = UnsafeRawPointer(found) - base
                if memcmp(found, key, key.count) == 0 { return start }
                start += 1
            }
            return nil
        }.map { bytes.startIndex + $0 }
    }
}
