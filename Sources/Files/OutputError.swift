/// Why an output cannot be created; found before the first request, and ends the program.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for a person, which names the output.
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
