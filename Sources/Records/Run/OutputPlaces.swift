public import Files
import Glibc

/// The files that a run is to write: no two of them may be the same file.
public struct OutputPlaces: Sendable {
    /// One of the files: how it is called, and where it is.
    private struct Place: Sendable {
        let noun: String
        var isStandardOutput = false
        /// The directory that holds the name; nil when there is none.
        let directory: stat?
        let name: String
        /// What stands there already.
        let file: stat?

        /// Standard output: whoever started the program has opened it, by whatever name; nil when it is closed.
        init?(standardOutput number: CInt) {
            var status = stat()
            guard fstat(number, &status) == 0 else { return nil }
            noun = "standard output"
            isStandardOutput = true
            directory = nil
            name = ""
            file = status
        }

        init(_ path: String, noun: String) {
            self.noun = "\(noun) \(path)"
            name = TypedPath.lastName(of: path)
            // What cannot be looked at is refused later, by whoever opens it.
            directory = try? stat(ofPath: TypedPath.parent(of: path))
            file = try? stat(ofPath: path)
        }

        func isSame(as other: Place) -> Bool {
            if let file, let otherFile = other.file { return file.isSameFile(as: otherFile) }
            guard let directory, let otherDirectory = other.directory else { return false }
            return directory.isSameFile(as: otherDirectory) && name == other.name
        }
    }

    private let places: [Place]
    private let standardOutput: CInt
    /// How a file of results that are read too is called in a sentence.
    private let resultsNoun: String

    /// A results path of `-` is standard output, which may be a file too.
    public init(results: String, lock: String?, summary: String?, metrics: String?) {
        self.init(
            results: results, standardOutput: STDOUT_FILENO, lock: lock, summary: summary, metrics: metrics)
    }

    /// With a standard output of another number.
    init(results: String, standardOutput: CInt, lock: String?, summary: String?, metrics: String?) {
        let records =
            results == "-" ? Place(standardOutput: standardOutput) : Place(results, noun: "the results file")
        let named = [("the lock", lock), ("the summary file", summary), ("the metrics file", metrics)]
        self.standardOutput = standardOutput
        resultsNoun = "one of the results to merge"
        places = [records].compactMap(\.self) + named.compactMap { noun, path in path.map { Place($0, noun: noun) } }
    }

    /// The place of a page that is made from results; `-` is standard output.
    public init(page: String) {
        standardOutput = STDOUT_FILENO
        resultsNoun = "one of the files that it is made from"
        places = [page == "-" ? Place(standardOutput: STDOUT_FILENO) : Place(page, noun: "the page")].compactMap(\.self)
    }

    /// Refuses two outputs that are the same file, and an output that is a manifest, before anything is written.
    ///
    /// An output that replaces another file would destroy its records, or jobs that are still to be read. Records that are
    /// appended to a manifest would be read as jobs again, without end. Devices such as `/dev/null`, pipes and terminals
    /// may be named more than once.
    ///
    /// `results` are read too by a merge.
    public func check(manifests: [String], results: [String] = []) throws(OutputError) {
        if let error = errors(manifests: manifests, results: results).first { throw error }
    }

    /// Everything that ``check(manifests:results:)`` refuses, in its order: of each output the first reason.
    public func errors(manifests: [String], results: [String] = []) -> [OutputError] {
        places.enumerated().compactMap { index, place in
            error(of: place, beside: places[..<index], manifests: manifests, results: results)
        }
    }

    /// Refuses a standard output that is a manifest, or one of the outputs that are named: whatever else is said there
    /// would change it.
    public func checkStandardOutput(manifests: [String]) throws(OutputError) {
        guard let place = Place(standardOutput: standardOutput) else { return }
        let others = places.filter { !$0.isStandardOutput }[...]
        if let error = self.error(of: place, beside: others, manifests: manifests, results: []) { throw error }
    }

    private func error(
        of place: Place, beside others: ArraySlice<Place>, manifests: [String], results: [String]
    ) -> OutputError? {
        guard place.file?.isRegularFile ?? true else { return nil }
        if let other = others.first(where: place.isSame) {
            return OutputError("\(place.noun) and \(other.noun) are the same file")
        }
        guard let file = place.file else { return nil }
        for (inputs, noun) in [(manifests, "a manifest of this run"), (results, resultsNoun)] {
            do {
                guard try !file.isOne(ofInputs: inputs) else { return OutputError("\(place.noun) is \(noun)") }
            } catch {
                return OutputError("\(place.noun) cannot be compared with \(noun): \(error)")
            }
        }
        return nil
    }
}
