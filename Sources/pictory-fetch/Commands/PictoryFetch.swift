import ArgumentParser

/// The program's subcommands; see ``Program`` for where it begins.
struct PictoryFetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pictory-fetch",
        abstract:
            "Fetch the images of Pictory jobs: poll each until it is finished, download and prove its PNG, record it.",
        version: version,
        subcommands: [
            RunCommand.self, CheckCommand.self, MergeCommand.self, ReportCommand.self, VerifyCommand.self,
            ConfigCommand.self, SchemaCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    /// The words that name a subcommand where a manifest could stand.
    static let subcommandNames = ["help"] + configuration.subcommands.map { $0._commandName }

    /// The version in `--version` and in the User-Agent.
    static let version = "0.1.0"
}
