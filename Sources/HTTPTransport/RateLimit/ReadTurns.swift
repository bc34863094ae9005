import NIOCore

/// The rate at which all downloads together may read, as turns of one piece each: a value without a clock.
///
/// Who asks for a turn has it at once while fewer bytes have come than the rate allows. Otherwise downloads wait in
/// line, so each has its turn and none has two while another waits. A turn takes the time of its piece in advance. What
/// it brings beyond that, or less, is settled when it has come, so the rate holds whatever the size of a read.
///
/// Times are since any moment, monotonic.
struct ReadTurns {
    /// Names a download that waits.
    struct Place: Hashable, Sendable {
        fileprivate let number: Int
    }

    /// Most bytes that are read in one turn.
    let pieceBytes: Int
    private let bytesPerSecond: Double
    /// From when on the next turn may be had: all that was read or is being read has had its time by then.
    private var free: Duration = .zero
    private var waiting: CircularBuffer<Place> = []
    private var nextNumber = 0

    /// How much time that was not used is made up for: what the disk or the processor may hold everything up for.
    static let longestCredit: Duration = .milliseconds(250)

    init(bytesPerSecond: Int) {
        precondition(bytesPerSecond > 0, "without any byte a second nothing ever arrives")
        self.bytesPerSecond = Double(bytesPerSecond)
        pieceBytes = Self.pieceBytes(at: bytesPerSecond)
    }

    /// What passes in 2 ms, so that many downloads begin without a burst; not much less than the head of a reply, but
    /// at low rates a quarter of a second's worth; not more than the largest read.
    static func pieceBytes(at bytesPerSecond: Int) -> Int {
        max(1, min(64 << 10, max(bytesPerSecond / 500, min(256, bytesPerSecond / 4))))
    }

    /// Takes a turn, or returns the place to wait at; see ``wait(at:)``.
    mutating func ask(at now: Duration) -> Place? {
        if waiting.isEmpty, now >= free {
            take(at: now)
            return nil
        }
        nextNumber += 1
        return Place(number: nextNumber)
    }

    /// Puts a download at the end of the line.
    mutating func wait(at place: Place) { waiting.append(place) }

    /// Takes a download out of the line.
    mutating func leave(_ place: Place) { waiting.removeAll { $0 == place } }

    /// Takes the turns of those whose time has come, in order.
    mutating func admit(at now: Duration) -> [Place] {
        var admitted: [Place] = []
        while now >= free, let place = waiting.popFirst() {
            take(at: now)
            admitted.append(place)
        }
        return admitted
    }

    /// When the first in line has its turn; nil when nobody waits.
    var nextTurn: Duration? { waiting.isEmpty ? nil : free }

    /// A turn has brought this many bytes.
    mutating func settle(_ bytes: Int) { add(bytes - pieceBytes) }

    /// Bytes have come beside those of a turn.
    mutating func add(_ bytes: Int) { free += time(of: bytes) }

    private mutating func take(at now: Duration) {
        free = max(free, now - Self.longestCredit) + time(of: pieceBytes)
    }

    private func time(of bytes: Int) -> Duration { .seconds(Double(bytes) / bytesPerSecond) }
}
