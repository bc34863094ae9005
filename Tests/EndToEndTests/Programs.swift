import Foundation
import Synchronization
import Testing

/// The built programs, which lie beside the test runner.
enum Programs {
    static let directory: URL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static func url(_ name: String) -> URL { directory.appendingPathComponent(name) }

    /// The repository's top level.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// A folder of one test's own, removed with it.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pictory-fetch-tests-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is the temporary folder's to clean.
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// All files below a folder of this one, by their relative paths, hidden ones too; none if there is no such folder.
    func files(in name: String) -> [String] {
        FileManager.default.subpaths(atPath: path(name))?.sorted() ?? []
    }
}

/// A program that runs; its output goes to files, so that no pipe can fill up or hang.
final class RunningProgram: Sendable {
    let id: Int32
    private let status = Mutex<Int32?>(nil)
    private let output: URL
    private let errors: URL
    private let scratch: Scratch

    /// Starts it in the scratch folder, with these files and no others open; without `input`, standard input is empty.
    /// What `sending` and `complaining` name gets standard output and standard error in place of files of its own.
    init(
        _ program: URL, _ arguments: [String], environment: [String: String], input: FileHandle? = nil,
        sending standardOutput: FileHandle? = nil, complaining standardError: FileHandle? = nil, in scratch: Scratch
    ) throws {
        self.scratch = scratch
        let name = UUID().uuidString
        output = scratch.url.appendingPathComponent("\(name).out")
        errors = scratch.url.appendingPathComponent("\(name).err")
        id = try Self.spawn(
            ["/usr/bin/env", "-C", scratch.url.path, program.path] + arguments,
            environment.map { "\($0)=\($1)" }, input: input?.fileDescriptor,
            output: (standardOutput?.fileDescriptor, output.path), errors: (standardError?.fileDescriptor, errors.path))
    }

    deinit {
        if isRunning {
            kill(id, SIGKILL)
            waitpid(id, nil, 0)
        }
    }

    /// More files than the other threads open while the open ones are listed.
    private static let newcomers: Int32 = 64

    private static func spawn(
        _ arguments: [String], _ environment: [String], input: Int32?, output: (open: Int32?, path: String),
        errors: (open: Int32?, path: String)
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        let create = O_WRONLY | O_CREAT | O_TRUNC
        for (number, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            if let open = file.open {
                posix_spawn_file_actions_adddup2(&actions, open, number)
            } else {
                posix_spawn_file_actions_addopen(&actions, number, file.path, create, 0o644)
            }
        }
        // A connection of a fault server that lived on in a program would not be closed when the server closes it.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        for number in STDERR_FILENO + 1...(open.max() ?? STDERR_FILENO) + newcomers {
            posix_spawn_file_actions_addclose(&actions, number)
        }

        // The threads of the tests block signals, which a program started by a shell does not.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, arguments[0], &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOEXEC) }
        return id
    }

    var isRunning: Bool { ended() == nil }

    /// The status as `waitpid` tells it, once the program has ended.
    private func ended() -> Int32? {
        status.withLock { status in
            var word: Int32 = 0
            if status == nil, waitpid(id, &word, WNOHANG) == id {
                status = word
            }
            return status
        }
    }

    var standardOutput: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    var standardError: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(id, number) }

    /// Waits until the text shows that it has come so far, or the program has ended.
    func wait(until condition: (RunningProgram) -> Bool) async throws {
        while !condition(self), isRunning {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for the end; 128 + n for a signal n.
    func end() async throws -> Ended {
        while true {
            if let word = ended() {
                let signal = word & 0x7F
                return Ended(
                    status: signal == 0 ? (word >> 8) & 0xFF : 128 + signal, standardOutput: standardOutput,
                    standardError: standardError, crashed: signal != 0)
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// How a program ended and what it said.
struct Ended: CustomStringConvertible {
    let status: Int32
    let standardOutput: String
    let standardError: String
    /// A signal ended it, and not its own exit.
    let crashed: Bool

    var description: String {
        "exit status \(status)\n--- standard output\n\(standardOutput)\n--- standard error\n\(standardError)"
    }

    /// The records on standard output.
    func records() throws -> [Record] { try Record.all(in: standardOutput) }
}
