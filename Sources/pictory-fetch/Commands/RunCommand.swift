import ArgumentParser
import FetchCore

/// `pictory-fetch run`: the options as they were typed. What they mean is settled in
/// ``EffectiveSettings`` and ``RunConfiguration``.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Read job ids from manifests, fetch their images, write one record for every line.",
        usage: "pictory-fetch [run] [<options>] [<manifest> ...]",
        discussion: """
            A manifest is JSON Lines: a line is an object with "job_id", the reply of the Generate Image request as it \
            came, a bare string, or a result record of an earlier run. Records go to standard output, one line each, \
            as jobs finish. Nothing else goes there.

            The API key is taken from --api-key-file, else from PICTORY_API_KEY, else from the file \
            pictory-api-key in $CREDENTIALS_DIRECTORY. It is never taken from an argument.

            What is a flag here can also be a variable, such as PICTORY_FETCH_POLL_INTERVAL=5s, or stand in the JSON \
            file of --config, such as {"poll-interval": "5s", "once": true}. A flag goes before a variable, and that \
            before the file.

            Other commands: "pictory-fetch check" says what a run would find wrong; "pictory-fetch merge" puts results \
            files together; "pictory-fetch report" makes a page to look at; "pictory-fetch config" prints the settings \
            that hold; "pictory-fetch verify" reads the images of result records again; "pictory-fetch schema" prints \
            the JSON Schema of the records.

            Exit status: 0 all downloaded; 1 some job failed for good; 75 rerunning will help; 64 usage; 66 manifest \
            unreadable; 73 output refused; 74 output lost; 77 key rejected; 78 configuration; 128 + n signal n.
            """,
        version: PictoryFetch.version)

    @OptionGroup var options: RunOptions

    func run() async throws {
        let status = await Composition.run(options)
        throw ExitCode(status.code)
    }
}
