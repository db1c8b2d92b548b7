package io.fairlead.dataplane.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Notices sockets, namespaces and event descriptors that a test leaves open. */
public final class OpenDescriptors {

  static {
    // The JDK keeps a socket of its own from the first time that it closes one.
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final Map<String, String> before = list();

  private OpenDescriptors() {}

  /** Remembers what is open now. */
  public static OpenDescriptors now() {
    return new OpenDescriptors();
  }

  /** Fails if a socket, namespace or event descriptor is open that was not before. */
  public void assertNoneAdded() {
    Map<String, String> after = list();
    after.keySet().removeAll(before.keySet());
    assertThat(after).as("descriptors left open").isEmpty();
  }

  private static Map<String, String> list() {
    Map<String, String> open = new TreeMap<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : entries) {
        describe(entry, open);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return open;
  }

  private static void describe(Path entry, Map<String, String> open) {
    try {
      String target = Files.readSymbolicLink(entry).toString();
      if (target.matches("(socket|net|anon_inode:\\[event).*")) {
        open.put(entry.getFileName() + " " + target, target);
      }
    } catch (IOException e) {
      // The descriptor of this very listing is gone by now.
      open.remove(entry.toString());
    }
  }
}
