"""One whole sequence of syncs for each image: one_by_one.py FROM TO. Nothing is downloaded, hashed or proven."""

import os
import sys

source, target = sys.argv[1:]
os.makedirs(target)
directory = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
records = os.open(target + ".jsonl", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
for name in sorted(os.listdir(source)):
    with open(os.path.join(source, name), "rb") as image:
        data = image.read()
    part = os.open(name + ".part", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=directory)
    os.write(part, data)
    os.fsync(part)
    os.close(part)
    os.rename(name + ".part", name, src_dir_fd=directory, dst_dir_fd=directory)
    os.fsync(directory)
    os.write(records, b'{"status":"downloaded","path":"%s"}\n' % name.encode())
    os.fdatasync(records)
