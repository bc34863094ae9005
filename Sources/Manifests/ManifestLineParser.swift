import FetchCore
import Files
import JSONBridge
import Records

/// Reads one manifest line of any form; its bytes alone decide what it asks for.
///
/// A line is an object with a job id, a reply of the API, a bare string, or a record of an earlier run. The `input` and
/// the history of such a record are carried on.
enum ManifestLineParser {
    /// Reads one line, given without its end. Its job is first seen `now`, unless a record of it says when.
    static func item(of bytes: Span<UInt8>, manifest: String, line: Int, now: Timestamp) -> ManifestItem {
        let reading = reading(of: bytes, from: 0)
        let entry = ManifestEntry(
            manifest: manifest, line: line, input: reading.input, firstSeen: reading.history?.firstSeen ?? now,
            runs: reading.history?.runsWithThisOne ?? 1, isKnownToAPI: reading.isKnownToAPI)
        switch reading.verdict {
        case .success(let id): return .job(id, entry)
        case .failure(let failure): return .invalid(entry, failure)
        }
    }

    private struct Reading {
        var input: [UInt8]?
        var history: EarlierRecord?
        /// The input is the whole record, and not the input in the record.
        var isKeptWhole = false
        /// A record or a reply shows that the API has known the job.
        var isKnownToAPI = false
        let verdict: Result<JobID, JobFailure>
    }

    /// Reads a line, or the part of a line after `offset` bytes; columns in messages count from the line's beginning.
    private static func reading(of bytes: Span<UInt8>, from offset: Int) -> Reading {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes.bytes, reading: .ofManifestLines)
        } catch {
            let record = error.reason == .tooDeep ? deepRecord(bytes, from: offset) : nil
            return record ?? Reading(verdict: .failure(notJSON(bytes, error, from: offset)))
        }
        if let record = EarlierRecord(document, on: bytes) {
            return reading(of: bytes, holding: document, as: record, from: offset)
        }
        let isBareString = document.root.string != nil
        return Reading(
            input: isBareString ? nil : text(of: 0..<bytes.count, in: bytes),
            isKnownToAPI: JobReply.showsKnownJob(document.root),
            verdict: verdict { () throws(JobFailure) in try jobID(in: document, bytes, from: offset) })
    }

    private static func reading(
        of bytes: Span<UInt8>, holding document: JSONDocument, as record: EarlierRecord, from offset: Int
    ) -> Reading {
        if let repeated = document.repeatedMembers.first(where: EarlierRecord.fields.contains) {
            return keptWhole(bytes, record, repeatedField(repeated))
        }
        if let name = record.jobIDName {
            do {
                let id = try jobID(named: [name], in: document, from: offset)
                return Reading(
                    input: record.input.map { text(of: $0, in: bytes) }, history: record,
                    isKnownToAPI: record.isKnownToAPI, verdict: .success(id))
            } catch {
                return keptWhole(bytes, record, error)
            }
        }
        guard let place = record.input else {
            let failure = JobFailure(
                .missingJobID, at: .manifest,
                "The record of an earlier run has no job id and no input to take one from.")
            return Reading(history: record, verdict: .failure(failure))
        }
        // The line was invalid. Its input may have been corrected since, so it is read again.
        var reading = reading(of: bytes.extracting(place), from: offset + place.lowerBound)
        reading.history = record
        // The input of this record is kept, and not the whole of it.
        reading.isKeptWhole = false
        return reading
    }

    /// A record that contradicts itself. What was meant is not known, so a later run must not take its input for it.
    private static func keptWhole(_ bytes: Span<UInt8>, _ record: EarlierRecord, _ failure: JobFailure) -> Reading {
        Reading(
            input: text(of: 0..<bytes.count, in: bytes), history: record, isKeptWhole: true,
            verdict: .failure(failure))
    }

    /// Reads the record of a line of the greatest depth: the record has one level more. Nil if it is no such record.
    private static func deepRecord(_ bytes: Span<UInt8>, from offset: Int) -> Reading? {
        let limits = JSONLimits(depth: JSONLimits.standard.depth + 1)
        // If it is not JSON with this depth either, the error of the first reading stands.
        guard let document = try? JSONDocument(parsing: bytes.bytes, limits: limits, reading: .ofManifestLines),
            let record = EarlierRecord(document, on: bytes)
        else { return nil }
        let reading = reading(of: bytes, holding: document, as: record, from: offset)
        // Kept whole, it would be the input of another record, and deeper still.
        return reading.isKeptWhole ? nil : reading
    }

    private static func verdict(_ judge: () throws(JobFailure) -> JobID) -> Result<JobID, JobFailure> {
        do {
            return .success(try judge())
        } catch {
            return .failure(error)
        }
    }

    /// The JSON in a range, byte for byte, without white space around it.
    static func text(of range: Range<Int>, in bytes: Span<UInt8>) -> [UInt8] {
        bytes.extracting(JSONWhiteSpace.trimmed(range, of: bytes)).withUnsafeBufferPointer { Array($0) }
    }

    private static func notJSON(_ bytes: Span<UInt8>, _ error: JSONError, from offset: Int) -> JobFailure {
        if looksLikeUTF16(bytes) {
            return JobFailure(.invalidJSON, at: .manifest, "The line looks like UTF-16; a manifest is UTF-8.")
        }
        let error = JSONError(error.reason, at: error.offset + offset)
        return JobFailure(.invalidJSON, at: .manifest, "The line is not JSON: \(error).")
    }

    /// Whether a line that is not JSON begins with a UTF-16 byte order mark, or with an ASCII character in UTF-16.
    ///
    /// Lines are cut after the newline's byte, so in UTF-16 a later line may begin with its other byte.
    private static func looksLikeUTF16(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 2 else { return bytes.count == 1 && bytes[0] == 0 }
        let beginsWithMark = bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF
        return beginsWithMark || (bytes[0] == 0) != (bytes[1] == 0)
    }
}
