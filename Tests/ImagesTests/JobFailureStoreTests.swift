import FetchCore
import Files
import Glibc
import Testing

@testable import Images

@Suite struct JobFailureStoreTests {
    @Test(arguments: [EMFILE, ENFILE]) func tooManyOpenFilesAreTheCauseAndOneImagesMatter(code: CInt) {
        let failure = JobFailure(SystemError(code), "The image could not be written")
        #expect(failure.code == .writeFailed)
        #expect(failure.cause == .tooManyOpenFiles)
        #expect(!failure.stopsRun)
    }

    @Test(arguments: [EACCES, EIO, ENOSPC, EFBIG]) func otherFailuresHaveNoFurtherCause(code: CInt) {
        #expect(JobFailure(SystemError(code), "The image could not be written").cause == nil)
    }
}
