package io.fairlead.dataplane.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OwnedDescriptorTest {

  private static final Path FILE = Path.of("/proc/self/ns/net");

  @Test
  void closingTwiceClosesOnce() throws Exception {
    OwnedDescriptor first = OwnedDescriptor.open(FILE);
    int number = first.number();
    first.close();
    try (OwnedDescriptor second = OwnedDescriptor.open(FILE)) {
      assertThat(second.number()).as("Linux gives the lowest free number").isEqualTo(number);
      first.close();
      assertThat(Files.exists(second.path())).as("still open").isTrue();
    }
  }

  @Test
  void usingItAfterCloseNeverReachesAnotherFile() throws Exception {
    OwnedDescriptor descriptor = OwnedDescriptor.open(FILE);
    descriptor.close();
    assertThatIllegalStateException()
        .isThrownBy(descriptor::number)
        .withMessage("the descriptor is closed");
    assertThatIllegalStateException().isThrownBy(descriptor::path);
  }

  @Test
  void itsPathLeadsToTheSameFile() throws Exception {
    try (OwnedDescriptor descriptor = OwnedDescriptor.open(FILE)) {
      assertThat(Files.readSymbolicLink(descriptor.path())).isEqualTo(Files.readSymbolicLink(FILE));
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> OwnedDescriptor.open(Path.of("/run/netns/no-such-namespace")))
        .withMessage("open /run/netns/no-such-namespace: ENOENT (no such object)")
        .matches(e -> e.errno() == Errno.ENOENT);
  }
}
