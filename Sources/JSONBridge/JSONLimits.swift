/// How much JSON one call reads.
public struct JSONLimits: Sendable, Equatable {
    /// Most arrays and objects within one another.
    ///
    /// Reading recurses once a level, so this bounds the stack: a level needs less than a kilobyte. The replies and
    /// manifests that are known nest fewer than ten.
    public var depth: Int

    /// Most bytes of text.
    ///
    /// The tree takes many times the memory of its text, so this bounds memory: 1 MiB is the longest manifest line,
    /// and far more than any reply of the API.
    public var bytes: Int

    /// Limits of the caller's own; at most 520 levels and 1 GiB.
    public init(depth: Int = 64, bytes: Int = 1 << 20) {
        self.depth = depth
        self.bytes = bytes
    }

    /// 64 levels and 1 MiB.
    public static let standard = JSONLimits()

    /// Beyond this the stack of a small thread is no longer known to suffice.
    static let greatestDepth = 520

    /// json-c counts in `int`, and one byte may be added for every integer that is kept as text.
    static let greatestLength = Int(Int32.max) / 2
}
