import Glibc
import Testing
import TestSupport

@testable import Files

@Suite(.timeLimit(.minutes(1))) struct DescriptorTests {
    @Test func failedSyncIsNotTriedAgain() throws {
        // A pipe cannot be synced: EINVAL. Its number then leads to a file that could.
        let pipe = try Pipe()
        let descriptor = try Descriptor.copy(of: pipe.readEnd)
        #expect(throws: SystemError(EINVAL)) { try descriptor.sync() }
        let folder = try TemporaryFolder()
        let file = try Descriptor.open(folder("file"), O_WRONLY | O_CREAT, mode: 0o600)
        try #require(dup2(file.number, descriptor.number) == descriptor.number)
        #expect(throws: SystemError(EINVAL)) { try descriptor.sync() }
        #expect(throws: SystemError(EINVAL)) { try descriptor.syncData() }
        #expect(throws: Never.self) { try file.sync() }
    }

    @Test func fullNonBlockingPipeIsWaitedFor() async throws {
        let pipe = try Pipe()
        try #require(fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK) == 0)
        let writer = try Descriptor.copy(of: pipe.writeEnd)
        pipe.closeWriteEnd()
        let length = 1 << 20
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: BlockingExecutor(label: "writer")) { [writer] in
                try writer.writeAll([UInt8](repeating: 1, count: length).span.bytes)
            }
            var count = 0
            while count < length { count += pipe.read(upTo: 1 << 16).utf8.count }
            #expect(count == length)
            try await group.waitForAll()
        }
    }

    @Test func descriptorIsClosedWithItsLastOwner() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "file")
        do {
            let descriptor = try Descriptor.open(path, O_RDONLY)
            #expect(fcntl(descriptor.number, F_GETFD) == FD_CLOEXEC)
            #expect(openDescriptors(leadingTo: path) == 1)
        }
        #expect(openDescriptors(leadingTo: path) == 0)
    }

    @Test func errorsSpeakTheSystemsWords() {
        #expect("\(SystemError(ENOSPC))" == "No space left on device")
        #expect("\(SystemError(99_999))".contains("99999"))
        #expect(SystemError(EDQUOT).isDiskFull && SystemError(ENOSPC).isDiskFull && !SystemError(EIO).isDiskFull)
    }
}
