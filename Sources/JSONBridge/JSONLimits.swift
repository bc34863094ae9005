/// How much JSON one call reads.
public struct JSONLimits: Sendable, Equatable {
    /// The greatest nesting depth of arrays and objects.
    ///
    /// Reading recurses once per level, so this bounds the stack; a level needs less than 1 KiB. Known replies and
    /// manifests have fewer than ten levels.
    public var depth: Int

    /// The greatest length of a text, in bytes.
    ///
    /// A tree takes many times the memory of its text, so this bounds memory. 1 MiB is the longest manifest line, and
    /// far more than any reply of the API.
    public var bytes: Int

    /// Limits of the caller's own; at most 520 levels and 1 GiB.
    public init(depth: Int = 64, bytes: Int = 1 << 20) {
        self.depth = depth
        self.bytes = bytes
    }

    /// 64 levels and 1 MiB.
    public static let standard = JSONLimits()

    /// With more levels, the stack of a small thread is not known to suffice.
    static let greatestDepth = 520

    /// json-c counts bytes in an `int`, and a text grows by one byte for each integer that is kept as text.
    static let greatestLength = Int(Int32.max) / 2
}
