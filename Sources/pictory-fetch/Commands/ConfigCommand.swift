import ArgumentParser
import FetchCore

/// `pictory-fetch config`: what holds for a run with the same flags, and where each value comes from.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the settings of a run with the same flags, and where each comes from.",
        usage: "pictory-fetch config [<options>] [<manifest> ...]",
        discussion: """
            Each line of standard output is a JSON object: "name", "value", "source" (flag, environment, file, \
            default; of the API key also credentials), and "from": which flag, variable or file. Of the API key no more than \
            its last four characters are shown. What a run would refuse in its flags and settings is refused in the \
            same way. Manifests may be named as for a run and are not opened; nothing is asked of the API, and nothing \
            is created.
            """,
        version: PictoryFetch.version)

    @OptionGroup var options: RunOptions

    func run() async throws {
        let status = await Composition.config(options)
        throw ExitCode(status.code)
    }
}
