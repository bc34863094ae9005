import ArgumentParser

/// The completions for fish.
///
/// The script that ArgumentParser (1.8) writes finds out with fish's `argparse` which flags stand on the line already.
/// `argparse` refuses the name of a flag with a dot, and the script then never ends. So for `argparse` a dot in a name
/// is an underscore: in the names of the script, and in what stands on the line.
enum FishCompletions {
    /// Whether these arguments ask for them.
    static func isAsked(by arguments: [String]) -> Bool {
        [["--generate-completion-script", "fish"], ["--generate-completion-script=fish"]].contains(arguments)
    }

    static var script: String {
        var script = PictoryFetch.completionScript(for: .fish)
        for command in ["commandline --tokens-raw $argv", "commandline -o $argv"] {
            script.replace(command, with: command + #" | string replace -r -- '^(--[a-z0-9-]+)\.' '$1_'"#)
        }
        for name in Settings.all.map(\.name) where name.contains(".") {
            let parsed = name.replacing(".", with: "_")
            script.replace(name, with: parsed)
            // What is offered keeps its name.
            for prefix in ["", "no-"] { script.replace("-l '\(prefix)\(parsed)'", with: "-l '\(prefix)\(name)'") }
        }
        return script
    }
}
