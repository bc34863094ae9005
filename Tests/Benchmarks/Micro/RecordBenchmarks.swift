import Benchmark
import FetchCore
import Records

/// Records on their way out, and back in when a run is resumed.
func recordBenchmarks() {
    let count = 10_000
    let records = (1...count).map(Material.record)
    benchmark("record out", in: .lines, amount: count) {
        for record in records {
            blackHole(RecordEncoding.line(for: record, finishedAt: Material.now, words: { "\($0)" }))
        }
    }
    let lines = records.map {
        Array(RecordEncoding.line(for: $0, finishedAt: Material.now, words: { "\($0)" }).dropLast())
    }
    benchmark("record back in", in: .lines, amount: count) {
        var reader = RecordReader()
        for line in lines { blackHole(reader.line(line.span)) }
    }
    benchmark("record back in, and judged with its line", in: .lines, amount: count) {
        var reader = RecordReader()
        var journal = JournalIndex()
        for line in lines {
            if case .record(let record) = reader.line(line.span) { journal.note(record) }
        }
        for record in records {
            guard let id = record.jobID else { continue }
            blackHole(journal.judge(.job(id, record.entry)) { _, _ in 1_153_880 })
        }
    }
}
