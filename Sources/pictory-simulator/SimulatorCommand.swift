public import ArgumentParser
public import PictorySimulator

/// The command line of the simulator.
@main
struct SimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pictory-simulator",
        abstract: "A deterministic stand-in for the Pictory API and its image host.",
        subcommands: [ServeCommand.self, ManifestCommand.self])
}

extension Scenario: ExpressibleByArgument {}

extension ImageSize: ExpressibleByArgument {}
