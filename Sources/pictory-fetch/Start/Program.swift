import ArgumentParser
import Dispatch
import FetchCore
import Glibc
import Logging

/// Where the program begins: with what the system hands over, before the first file is opened and the first thread begun.
@main
enum Program {
    static func main() {
        StandardStreams.reserve()
        do throws(StartError) {
            try start(Invocation.arguments())
        } catch {
            StandardError().tell(.error, error.message)
            exit(error.status.code)
        }
    }

    /// Runs the command that the arguments name. `--help` alone tells all of `run`, which is what most people came for.
    private static func start(_ arguments: [String]) throws(StartError) {
        if arguments == ["--help"] || arguments == ["-h"] {
            print(PictoryFetch.helpMessage(for: RunCommand.self))
            return
        }
        if FishCompletions.isAsked(by: arguments) {
            print(FishCompletions.script)
            return
        }
        let command: any ParsableCommand
        do {
            command = try PictoryFetch.parseAsRoot(arguments)
        } catch {
            let status = PictoryFetch.exitCode(for: error)
            // Help and version, which were asked for, go to standard output.
            guard !status.isSuccess else { PictoryFetch.exit(withError: error) }
            StandardError().say(PictoryFetch.fullMessage(for: error))
            exit(status.rawValue)
        }
        // Wrong usage, help and version were printed above: one thread is enough for them.
        guard var command = command as? any AsyncParsableCommand else {
            runHere(command)
        }
        try SystemLimits.atStart.openFiles.check()
        _ = try SystemLimits.atStart.threadPlan()
        // With the priority of all other tasks, for Dispatch has threads of their own for each priority.
        Task(priority: .medium) {
            do {
                try await command.run()
                PictoryFetch.exit()
            } catch {
                PictoryFetch.exit(withError: error)
            }
        }
        dispatchMain()
    }

    private static func runHere(_ command: any ParsableCommand) -> Never {
        var command = command
        do {
            try command.run()
        } catch {
            PictoryFetch.exit(withError: error)
        }
        PictoryFetch.exit()
    }
}
