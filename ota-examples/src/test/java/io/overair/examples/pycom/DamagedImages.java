package io.overair.examples.pycom;

import io.overair.server.Content;
import io.overair.server.FirmwareFile;
import io.overair.server.Release;
import io.overair.server.ReleaseRepository;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Optional;

/** A repository whose images are not as they should be once a device fetches them. */
record DamagedImages(ReleaseRepository repository, Damage damage) implements ReleaseRepository {
    enum Damage {
        /** They are gone. */
        MISSING,
        /** They have less than they say. */
        CUT_SHORT
    }

    @Override
    public List<Release> releases() throws IOException {
        return repository.releases();
    }

    @Override
    public List<FirmwareFile> firmware() throws IOException {
        return repository.firmware();
    }

    @Override
    public Optional<Content> open(String path) throws IOException {
        if (!path.startsWith("firmware_")) {
            return repository.open(path);
        }
        return damage == Damage.MISSING
                ? Optional.empty()
                : repository.open(path).map(CutShort::new);
    }

    private record CutShort(Content content) implements Content {
        @Override
        public long size() {
            return content.size() + 1000;
        }

        @Override
        public Optional<String> entityTag() {
            return content.entityTag();
        }

        @Override
        public SeekableByteChannel channel() {
            return content.channel();
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }
}
