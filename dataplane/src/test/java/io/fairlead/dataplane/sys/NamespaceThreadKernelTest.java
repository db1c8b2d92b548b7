package io.fairlead.dataplane.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.testing.OpenDescriptors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamespaceThreadKernelTest {

  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

  private final OpenDescriptors descriptors = OpenDescriptors.now();

  @AfterEach
  void nothingIsLeftOpen() {
    descriptors.assertNoneAdded();
  }

  private static String current() throws IOException {
    return Files.readSymbolicLink(OF_THIS_THREAD).toString();
  }

  @Test
  void onlyItsOwnThreadIsInside() throws Exception {
    String outside = current();
    try (NamespaceThread thread = NamespaceThread.create("inside")) {
      String inside = thread.call(NamespaceThreadKernelTest::current);
      assertThat(inside).isNotEqualTo(outside);
      assertThat(thread.call(NamespaceThreadKernelTest::current)).isEqualTo(inside);
      assertThat(current()).isEqualTo(outside);
      String[] ofAnother = {""};
      Thread another =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  ofAnother[0] = current();
                } catch (IOException e) {
                  ofAnother[0] = e.toString();
                }
              });
      another.join();
      assertThat(ofAnother[0]).isEqualTo(outside);
    }
  }

  @Test
  void processesStartedInsideInheritIt() throws Exception {
    try (NamespaceThread thread = NamespaceThread.create("parent")) {
      String inside = thread.call(NamespaceThreadKernelTest::current);
      Process process =
          thread.call(() -> new ProcessBuilder("readlink", "/proc/self/ns/net").start());
      try (var output = process.getInputStream()) {
        assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip())
            .isEqualTo(inside);
      }
      assertThat(process.waitFor()).isZero();
    }
  }

  @Test
  void aSecondThreadEntersByPath() throws Exception {
    try (NamespaceThread first = NamespaceThread.create("first");
        NamespaceThread second =
            NamespaceThread.enter("second", NetworkNamespace.open(first.namespace().path()))) {
      assertThat(second.call(NamespaceThreadKernelTest::current))
          .isEqualTo(first.call(NamespaceThreadKernelTest::current));
      assertThat(second.namespace().isSame(first.namespace())).isTrue();
      try (NetworkNamespace outside = NetworkNamespace.current()) {
        assertThat(outside.isSame(first.namespace())).isFalse();
      }
    }
  }

  @Test
  void whatIsNoNamespaceIsRefusedAndClosed() throws Exception {
    OwnedDescriptor notOne = OwnedDescriptor.open(Path.of("/dev/null"));
    assertThatExceptionOfType(SystemCallException.class)
        .isThrownBy(() -> NamespaceThread.enter("nowhere", new NetworkNamespace(notOne)))
        .withMessageStartingWith("enter a network namespace: EINVAL");
    assertThatThrownBy(notOne::number).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatTheWorkThrowsIsThrownToTheCaller() throws Exception {
    try (NamespaceThread thread = NamespaceThread.create("thrower")) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() ->
              thread.call(() -> {
                throw new IOException("from inside");
              }))
          .withMessage("from inside");
      assertThat(thread.call(() -> 7)).as("it still works").isEqualTo(7);
    }
  }

  @Test
  void afterCloseItDoesNothing() throws Exception {
    NamespaceThread thread = NamespaceThread.create("closed");
    thread.close();
    thread.close();
    assertThatThrownBy(() -> thread.call(() -> 1)).isInstanceOf(RejectedExecutionException.class);
  }
}
