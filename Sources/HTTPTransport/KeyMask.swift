import Glibc

/// Takes the API key out of replies that repeat it, as gateways do that quote a header they do not like.
///
/// What the API says ends up in records and in logs, where the key has no business.
struct KeyMask: Sendable {
    private let key: [UInt8]
    private static let mask = Array("[key]".utf8)

    /// A shorter key could be a part of anything, and masking it would only do harm.
    private static let shortest = 8

    init(_ key: String) {
        self.key = key.utf8.count < Self.shortest ? [] : Array(key.utf8)
    }

    /// The bytes with every occurrence of the key replaced.
    func masking(_ bytes: [UInt8]) -> [UInt8] {
        guard !key.isEmpty, let first = position(in: bytes[...]) else { return bytes }
        var masked: [UInt8] = []
        var rest = bytes[...]
        var next: Int? = first
        while let found = next {
            masked += rest[..<found] + Self.mask
            rest = rest[(found + key.count)...]
            next = position(in: rest)
        }
        return masked + rest
    }

    /// Where the key begins; replies are short and rarely hold even its first byte twice, so no clever search pays.
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
