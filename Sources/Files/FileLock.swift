import Glibc

extension Descriptor {
    /// Locks the file for this process, without waiting; the lock ends with the last reference to the file.
    ///
    /// Fails with EWOULDBLOCK where another process holds the lock. ``isLocked()`` in another process holds it for a
    /// moment too, so it is tried once more after that.
    func lock() throws(SystemError) {
        do {
            try Self.retrying { flock(number, LOCK_EX | LOCK_NB) }
        } catch let error where error.code == EWOULDBLOCK {
            usleep(Self.lookMicroseconds)
            try Self.retrying { flock(number, LOCK_EX | LOCK_NB) }
        }
    }

    /// Locks the file as ``lock()`` does, where the file system knows locks.
    ///
    /// One that does not cannot keep runs apart, and that is no reason for none.
    public func lockIfPossible() throws(SystemError) {
        do {
            try lock()
        } catch let error where error.code != EWOULDBLOCK {
            return
        }
    }

    /// Whether another process has locked the file. Nothing is held afterwards.
    ///
    /// Linux tells that only to who asks for the lock: a shared one does, and two who look are in nobody's way.
    func isLocked() throws(SystemError) -> Bool {
        do {
            try Self.retrying { flock(number, LOCK_SH | LOCK_NB) }
        } catch let error where error.code == EWOULDBLOCK {
            return true
        }
        try Self.retrying { flock(number, LOCK_UN) }
        return false
    }

    /// Fails as ``lockIfPossible()`` would, and locks nothing.
    public func checkLock() throws(SystemError) {
        let isLocked: Bool
        do {
            isLocked = try self.isLocked()
        } catch {
            return
        }
        if isLocked { throw SystemError(EWOULDBLOCK) }
    }

    /// Longer than another process looks.
    private static let lookMicroseconds: UInt32 = 20_000
}
