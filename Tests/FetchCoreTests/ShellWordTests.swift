import FetchCore
import Foundation
import Testing

/// What is copied is what a person has seen, and read again by a shell it is what it was.
@Suite(.timeLimit(.minutes(1))) struct ShellWordTests {
    @Test(arguments: [
        "a\u{1B}[2Kb", "a\nb'c\\d", "\u{202E}gnp.exe", "\t", "\u{7F}1", "x\u{2066}$(y)", "\u{200B}", "é\u{AD}0",
    ])
    func unseenCharactersAreSpelled(word: String) throws {
        let quoted = ShellWord.quoted(word)
        #expect(quoted.unicodeScalars.allSatisfy(ForeignText.isSeen))
        #expect(try Self.printed(quoted, by: "/bin/bash").utf8.elementsEqual(word.utf8), "\(quoted)")
    }

    /// The last ones are a quote that a mark combines with, and what zsh would put a command's path for.
    @Test(arguments: [
        "a'b", "$(touch x)", "`x`", "\\", "*", "", "é", "!x", "~", "a;b", "#", "a'\u{301};echo x;#", "'\u{301}", "=ls",
    ])
    func wordsAreQuotedForAShell(word: String) throws {
        #expect(try Self.printed(ShellWord.quoted(word), by: "/bin/sh").utf8.elementsEqual(word.utf8))
        #expect(try Self.printed(ShellWord.quoted(word), by: "/usr/bin/zsh").utf8.elementsEqual(word.utf8))
    }

    @Test func pathIsNoFlag() {
        #expect(ShellWord.path("-x") == "./-x")
        #expect(ShellWord.path("x-") == "x-")
    }

    /// What a shell makes of a word.
    private static func printed(_ quoted: String, by path: String) throws -> String {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: path)
        shell.arguments = ["-c", "printf %s \(quoted)"]
        let pipe = Pipe()
        shell.standardOutput = pipe
        try shell.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
