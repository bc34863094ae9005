public import FetchCore
import Files

/// One account of many results files: of shards, of nights, of runs that were resumed.
///
/// Of each job the record counts that was finished last. Records are passed on byte for byte. What is no record is told
/// and passed over, and a file that cannot be read keeps nobody from the rest.
public struct ResultsMerge: ~Copyable {
    var files: ResultsFiles
    private(set) var records = MergedRecords()
    private let words: AdviceWords
    private let reasons: [String: RetryAdvice.Reason]
    private let tell: (String) -> Void
    /// Results files that could not be read, or hold no record, with the reason.
    public private(set) var unreadable: [String] = []

    /// `paths` are the results files, `-` for standard input; what is no regular file is kept in the temporary directory
    /// meanwhile. No more than `mostOpen` of the others are open at a time. `tell` is given a sentence for each file
    /// of which something is passed over.
    public init(
        of paths: [String], temporaryDirectory: String, mostOpen: Int = 200, words: @escaping AdviceWords,
        tell: @escaping (String) -> Void
    ) {
        files = ResultsFiles(paths, temporaryDirectory: temporaryDirectory, mostOpen: mostOpen)
        self.words = words
        self.tell = tell
        reasons = Dictionary(
            RetryAdvice.Reason.allCases.map { (words($0), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The manifests that the records name, in the order in which they first appear.
    public var manifests: [String] { records.manifests }

    /// No results file holds a record.
    public var isEmpty: Bool { records.isEmpty }

    /// From the beginning of the first job to the end of the last, of all records that a run wrote; nil without any.
    public var span: ClosedRange<Timestamp>? { records.span }

    /// Reads every results file from end to end. Blocks.
    public mutating func read() {
        for number in files.paths.indices {
            let noun = Self.noun(files.paths[number])
            var others = PassedOverLines()
            var count = 0
            let file: Descriptor
            do {
                file = try files.start(number)
            } catch {
                unreadable.append("\(noun) \(error)")
                continue
            }
            do {
                try RecordLines.scan(file) { (line, place, reader, text) throws(RecordLinesError) in
                    guard case .record(let record) = line, let account = reader.account(in: text) else {
                        others.note(place.line, text)
                        return
                    }
                    count += 1
                    records.note(
                        record, account, bytes: place.bytes, file: number,
                        reasonOf: { [reasons] in
                            reasons[$0] ?? RetryAdvice.usualReason(for: $1)
                        })
                }
            } catch {
                unreadable.append("\(noun) cannot be read: \(error)")
            }
            if count == 0, let kind = others.kind {
                unreadable.append("\(noun) holds no result record: \(kind)")
            } else if let sentence = others.sentence {
                tell("\(noun): \(sentence)")
            }
        }
    }

    static func noun(_ path: String) -> String {
        path == "-" ? "the results on standard input" : "the results file \(path)"
    }

    /// Writes the records that count, by manifest in the order in which these first appear, then by line; returns the
    /// totals. Blocks.
    public mutating func write(to output: inout MergedOutput) throws(MergeError) -> RunSummary {
        var summary = records.requests
        try records.visitInOrder { (record, end) throws(MergeError) in
            try output.append(record, from: &files)
            records.count(record, endingAs: end, in: &summary)
        }
        return summary
    }

    /// Writes one record for each line of the manifest, in its order; returns the totals. Blocks.
    ///
    /// A line without a record gets one that says so. Records of jobs that no line names are told. The moment `now` is
    /// when those records are written.
    public mutating func write(
        to output: inout MergedOutput, along manifest: any ManifestSource, now: Timestamp
    ) throws(MergeError) -> RunSummary {
        var lines = MergedLines(records)
        while true {
            let batch = manifest.read(upTo: Self.linesAtOnce)
            for item in batch.items {
                switch lines.next(item) {
                case .recorded(let record): try output.append(record, from: &files)
                case .new(let record):
                    try output.append(RecordEncoding.line(for: record, finishedAt: now, words: words))
                }
            }
            if batch.ended { break }
        }
        var count = 0
        for (id, record) in lines.unnamed {
            count += 1
            guard count <= Self.mostToldJobs else { continue }
            tell("\(Self.noun(files.paths[Int(record.file)])): no line of the manifests names the job \(id)")
        }
        if count > Self.mostToldJobs {
            let further = Quantity.counted(count - Self.mostToldJobs, "further job")
            tell("no line of the manifests names \(further) of the results")
        }
        return lines.summary
    }

    /// Lines of a manifest that are read at once.
    private static let linesAtOnce = 4096
    /// With a wrong manifest no job is named, and a million sentences help nobody.
    private static let mostToldJobs = 20
}

/// Why a merge cannot go on.
public enum MergeError: Error, Equatable {
    /// A results file is not what it was when it was read; a sentence.
    case resultsChanged(String)
    case output(RunFailure)
}

/// The lines of a results file that are no records.
private struct PassedOverLines {
    private var count = 0
    /// The first of them, lines that follow each other together.
    private var first: [ClosedRange<Int>] = []
    /// How the file is compressed, if its first line looks so.
    private var compression: CompressionFormat?

    /// A file of another kind may have one between any two records, and a person looks at the first.
    private static let mostNamed = 5

    mutating func note(_ number: Int, _ text: Span<UInt8>) {
        if count == 0 {
            compression = CompressionFormat(beginning: text.withUnsafeBufferPointer { Array($0.prefix(16)) })
        }
        count += 1
        if let last = first.last, last.upperBound == number - 1 {
            first[first.count - 1] = last.lowerBound...number
        } else if first.count <= Self.mostNamed {
            first.append(number...number)
        }
    }

    /// What a file is that holds nothing else; nil where there are none.
    var kind: String? {
        guard let line = first.first?.lowerBound else { return nil }
        if let compression { return "it is \(compression.noun), which has to be unpacked first" }
        return "its line \(line) is none, nor is any other"
    }

    /// How many lines are passed over, and which; nil where there are none.
    var sentence: String? {
        let named = first.prefix(Self.mostNamed).map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        }
        guard let one = named.first else { return nil }
        guard named.count > 1 else {
            return count == 1
                ? "line \(one) is no result record and is passed over"
                : "lines \(one) are no result records and are passed over"
        }
        let lines = named.joined(separator: ", ") + (first.count > named.count ? " and further ones" : "")
        return "\(Quantity.count(count)) lines are no result records and are passed over: \(lines)"
    }
}
