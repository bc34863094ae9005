import ArgumentParser

/// The program and its subcommands.
@main
struct PictoryFetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pictory-fetch",
        abstract:
            "Fetch the images of Pictory jobs: poll each until it is finished, download and prove its PNG, record it.",
        version: version,
        subcommands: [RunCommand.self, ConfigCommand.self, VerifyCommand.self, SchemaCommand.self],
        defaultSubcommand: RunCommand.self)

    /// The version in `--version` and in the User-Agent.
    static let version = "0.1.0"

    /// Runs the program. `--help` alone tells all of `run`, which is what most people came for.
    static func main() async {
        StandardStreams.reserve()
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--help"] || arguments == ["-h"] {
            print(helpMessage(for: RunCommand.self))
            return
        }
        await main(arguments)
    }
}
