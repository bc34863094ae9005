import ArgumentParser

/// `pictory-fetch check`: what a run with the same flags would say of its manifests and settings.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what a run with the same flags would find wrong, without starting it.",
        usage: "pictory-fetch check [<options>] [<manifest> ...]",
        discussion: """
            Takes every flag of a run, creates and changes nothing, and asks the API nothing. Standard output gets the \
            records of invalid lines and duplicates, as the run would write them. Standard error gets the number of \
            jobs, of lines that earlier runs have settled (--resume), of invalid lines and of duplicates, and \
            everything that would keep the run from starting, not only the first; -q says nothing of this.

            Manifests are read to their ends, pipes too.

            Exit status: that of the run's first refusal: 66 manifest unreadable; 73 output refused; 75 another run \
            holds the lock; 78 configuration. Else 1 more lines are invalid than --tolerate allows; else 0. Also 64 \
            usage; 74 standard output cannot be written; 77 key rejected (--online); 141 the reader of standard \
            output went away.
            """,
        version: PictoryFetch.version)

    @OptionGroup var options: RunOptions

    @Flag(
        help: """
            Ask the API once about the first job that the run would ask about: name, TLS, proxy and key have to work.
            """)
    var online = false

    func run() async throws {
        let status = await Composition.check(options, online: online)
        throw ExitCode(status.code)
    }
}
