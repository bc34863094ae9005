/// One of the parts into which copies of a run share the same manifests: of `count` parts the one with this number.
///
/// Which part a job belongs to follows from its id alone, so parts never overlap, none is left out, and neither the
/// order of the lines nor their position counts.
public struct Shard: Sendable, Hashable {
    /// From 1 to ``count``.
    public let number: Int
    public let count: Int

    /// Most parts: more than any scheduler of clusters starts at once.
    public static let mostShards = 100_000

    /// Nil unless there are 1 to ``mostShards`` parts and this is one of them; the part 0 is the last one, so that
    /// counters from 0 serve as well as counters from 1.
    public init?(number: Int, of count: Int) {
        guard (1...Self.mostShards).contains(count), (0...count).contains(number) else { return nil }
        self.number = number == 0 ? count : number
        self.count = count
    }

    /// Reads `K/N`, both as decimal digits alone.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Self.number(parts[0]), let count = Self.number(parts[1]) else {
            return nil
        }
        self.init(number: number, of: count)
    }

    private static func number(_ digits: Substring.UTF8View) -> Int? {
        // `Int` would take a sign too.
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(Substring(digits))
    }

    /// Whether a job, or a line without one, belongs to this part.
    ///
    /// `sum` is the number that the first 8 hexadecimal digits make of the SHA-256 of the job's id in lower case; of a line
    /// without a good id, of the SHA-256 of its bytes.
    public func holds(_ sum: UInt32) -> Bool {
        Int(sum) % count == number % count
    }

    /// The only part of all: the same as none.
    public var isWhole: Bool { count == 1 }
}

extension Shard: CustomStringConvertible {
    /// `K/N`, K from 1 to N.
    public var description: String { "\(number)/\(count)" }
}
