import Foundation
import Testing

/// A terminal of one test's own, with a program on it. Used by one task at a time.
final class Terminal: @unchecked Sendable {
    private let program: RunningProgram
    private let main: Int32
    private let side: FileHandle
    private var bytes: [UInt8] = []
    /// Where in `bytes` the window got which size.
    private var sizes: [(from: Int, columns: Int, rows: Int)]

    /// Starts `pictory-fetch` with its standard error, and if wanted its standard output, on the terminal.
    init(
        _ fetch: Fetch, _ arguments: [String], lines: [String], columns: Int = 100, rows: Int = 30,
        environment: [String: String] = [:], standardOutput: Output = .file
    ) throws {
        main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        var number: Int32 = -1
        try #require(
            main >= 0 && ioctl(main, Self.setLock, &locked) == 0 && ioctl(main, Self.getNumber, &number) == 0,
            "there is no terminal to be had")
        let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(descriptor >= 0, "the terminal cannot be opened")
        side = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        _ = fcntl(main, F_SETFL, O_NONBLOCK)
        sizes = [(0, columns, rows)]
        let manifest = try fetch.scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined())
        try Self.setSize(of: main, columns: columns, rows: rows)
        let output: FileHandle? =
            switch standardOutput {
            case .file: nil
            case .terminal: side
            case .pipe(let pipe): pipe
            }
        program = try RunningProgram(
            Programs.url("pictory-fetch"), Fetch.fast + arguments + [manifest],
            environment: fetch.simulator.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 },
            sending: output, complaining: side, in: fetch.scratch)
    }

    /// TIOCSPTLCK and TIOCGPTN of Linux, macros that Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// Where standard output goes.
    enum Output {
        case file, terminal
        case pipe(FileHandle)
    }

    deinit {
        close(main)
    }

    func signal(_ number: Int32) { program.signal(number) }

    /// All that was written so far.
    var text: String {
        drain()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a person sees, from the first line that was ever there.
    var screen: Screen {
        drain()
        var screen = Screen(columns: sizes[0].columns, rows: sizes[0].rows)
        for (index, size) in sizes.enumerated() {
            let end = index + 1 < sizes.count ? sizes[index + 1].from : bytes.count
            screen.resize(columns: size.columns, rows: size.rows)
            screen.write(String(decoding: bytes[size.from..<end], as: UTF8.self))
        }
        return screen
    }

    /// Changes the window while the program is stopped, so that what it drew for the old one is known.
    func resize(columns: Int, rows: Int, isTold: Bool = true) async throws {
        try await stop(by: SIGSTOP)
        drain()
        sizes.append((bytes.count, columns, rows))
        if isTold { try Self.setSize(of: main, columns: columns, rows: rows) }
        signal(SIGCONT)
    }

    /// Sends the signal and waits until the program is stopped.
    func stop(by number: Int32) async throws {
        signal(number)
        let status = "/proc/\(program.id)/stat"
        while try !String(contentsOfFile: status, encoding: .utf8).contains(") T "), program.isRunning {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Waits until the text shows that the program has come so far, or has ended.
    func wait(until condition: (Terminal) -> Bool) async throws {
        while !condition(self), program.isRunning {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for the end; the status is 128 + n for a signal n.
    func end() async throws -> Int32 {
        try await wait { terminal in
            terminal.drain()
            return false
        }
        drain()
        return try await program.end().status
    }

    private static func setSize(of terminal: Int32, columns: Int, rows: Int) throws {
        var size = winsize()
        size.ws_col = UInt16(columns)
        size.ws_row = UInt16(rows)
        try #require(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
    }

    private func drain() {
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(main, &block, block.count)
            guard count > 0 else { return }
            bytes += block[..<count]
        }
    }
}
