import ArgumentParser
import FetchCore
import Glibc

/// `pictory-fetch verify`: whether the images that results tell of are still what was recorded.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read the images of result records again, and print what is wrong with them.",
        usage: "pictory-fetch verify [<options>] <results> ...",
        discussion: """
            Of each job the last record counts. Every image that is recorded as downloaded has to be a regular file \
            with the recorded size, SHA-256, width and height, and a sound PNG. Each that is not is a JSON object on a \
            line of standard output: "job_id", "path", "line" and "results" (where it is recorded), "fault" (missing, \
            unreadable, not_a_file, size_differs, sha256_differs, corrupt_png, dimensions_differ, pixels_corrupt) and \
            "message". Nothing is changed, and nothing is asked of the API.

            Exit status: 0 all as recorded; 1 some are not; 64 usage; 66 results unreadable, or no result records; 74 \
            standard output cannot be written; 141 its reader went away.
            """,
        version: PictoryFetch.version)

    @Argument(
        help: ArgumentHelp(
            "Files of result records, taken for one that goes on; - is standard input.", valueName: "results"))
    var results: [String]

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Directory in which the images lie now, by their names below it (default: where the records say).",
            valueName: "dir"))
    var outputDir: String?

    @Flag(help: "Inflate all pixels too, and check that they are as many as width and height demand.")
    var deep = false

    @Option(
        name: [.customShort("j"), .long],
        help: ArgumentHelp("Images read at once: 1 to 1024 (default: one for each processor).", valueName: "n"))
    var concurrency: Int?

    @Flag(name: [.short, .long], help: "Say nothing on standard error but why the results cannot be verified.")
    var quiet = false

    func validate() throws {
        guard (1...1024).contains(concurrency ?? 1) else {
            throw ValidationError("--concurrency (-j) has a wrong value; expected is a whole number from 1 to 1024.")
        }
    }

    func run() async throws {
        let status = await Composition.verify(self)
        throw ExitCode(status.code)
    }
}
