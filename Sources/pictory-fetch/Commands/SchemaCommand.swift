import ArgumentParser
import FetchCore
import JSONBridge
import Records

/// `pictory-fetch schema`: the JSON Schema of what the program writes.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema (draft 2020-12) of a result record or of the summary.")

    @Argument(help: "What the schema is of.")
    var kind: Kind = .record

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case record, summary
    }

    func run() async throws {
        let status = await Composition.concluding { _ in
            let schema =
                switch kind {
                case .record: JSONSchema.record
                case .summary: JSONSchema.summary
                }
            try StandardOutputLines().write(schema.line())
            return .success
        }
        throw ExitCode(status.code)
    }
}
