/// Which manifests cannot be read, found before the first request; ends the program.
public struct UnreadableManifests: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for each of them, in the order they were named.
    public let reasons: [String]

    init(_ reasons: [String]) {
        self.reasons = reasons
    }

    /// The sentences, one a line.
    public var description: String {
        reasons.joined(separator: "\n")
    }
}
