/// Why an output cannot be created; found before the first request, and ends the program.
public struct OutputFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence for a person, which names the output.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
