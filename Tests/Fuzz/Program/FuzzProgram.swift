import FoundationEssentials
import Glibc

/// libFuzzer around one target's properties.
///
/// `fuzz TARGET …` hands the other arguments to libFuzzer; `fuzz seeds TARGET DIR` writes the inputs to begin with.
/// It is a program with a `main` of its own, since SwiftPM gives every executable one; so it starts libFuzzer.
@main enum FuzzProgram {
    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "seeds", let target = FuzzTarget(rawValue: arguments[2]) {
            try writeSeeds(for: target, into: arguments[3])
        } else if arguments.count > 1, let target = FuzzTarget(rawValue: arguments[1]) {
            exit(fuzz(target))
        } else if arguments.count == 2, arguments[1] == "targets" {
            for target in FuzzTarget.allCases { print(target.rawValue) }
        } else {
            say("usage: fuzz targets | fuzz seeds TARGET DIR | fuzz TARGET [libFuzzer's arguments]")
            exit(64)
        }
    }

    private static func writeSeeds(for target: FuzzTarget, into folder: String) throws {
        for (number, seed) in try Seeds.inputs(for: target).enumerated() {
            try Data(seed).write(to: URL(filePath: folder).appending(path: "seed-\(number)"))
        }
    }

    /// Set once, before the first input; libFuzzer calls back on the same thread.
    private nonisolated(unsafe) static var target = FuzzTarget.json

    private static func fuzz(_ target: FuzzTarget) -> CInt {
        Self.target = target
        // Its own name stays first, the target's is taken out.
        var arguments = [CommandLine.unsafeArgv[0]] + (2..<Int(CommandLine.argc)).map { CommandLine.unsafeArgv[$0] }
        var count = CInt(arguments.count)
        arguments.append(nil)
        return arguments.withUnsafeMutableBufferPointer { arguments in
            var start = arguments.baseAddress
            return runDriver(&count, &start) { bytes, count in
                FuzzProgram.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            }
        }
    }

    private static func check(_ input: [UInt8]) {
        do {
            try target.check(input)
        } catch {
            say("VIOLATION (\(target.rawValue)): \(error)")
            abort()
        }
    }

    private static func say(_ text: String) {
        let line = Array("\(text)\n".utf8)
        // Where this cannot be written, nothing else can be.
        _ = write(STDERR_FILENO, line, line.count)
    }
}

/// libFuzzer's loop, as its interface `LLVMFuzzerRunDriver` has it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
