public import FetchCore
import Glibc

extension Timestamp {
    /// The wall clock's time.
    public static var now: Timestamp {
        var time = timespec()
        let result = clock_gettime(CLOCK_REALTIME, &time)
        precondition(result == 0, "every Linux has a wall clock")
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
