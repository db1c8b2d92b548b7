package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leases of host-local that are there from before (pod-network 28). */
class ImportedLeasesTest extends PoolFixture {

  private static final Instant BOOT = Instant.parse("2026-01-02T03:04:05Z");

  private Path network;
  private ImportedLeases imported;

  @BeforeEach
  void makeNetwork() throws IOException {
    network = Files.createDirectories(folder.resolve("networks/cbr0"));
    file("last_reserved_ip.0", "10.0.0.9");
    file("lock", "");
    imported = imports();
    configure("10.0.0.0/28", "fd00::/64");
  }

  private ImportedLeases imports() {
    return new ImportedLeases(network, folder, BOOT, pool);
  }

  private Path file(String name, String content) throws IOException {
    Path file = network.resolve(name);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(BOOT.plusSeconds(60)));
    return file;
  }

  /** What is in the folder, to the byte. */
  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(network)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1) + Files.getLastModifiedTime(file));
      }
    }
    return contents;
  }

  private List<String> held() {
    return pool.imported().stream()
        .map(ImportedLease::address)
        .sorted()
        .map(IpAddress::toString)
        .toList();
  }

  private static AttachmentKey key(String container, String name) {
    return new AttachmentKey("of-fairlead", container, name);
  }

  @Test
  @DisplayName("every form of file that host-local writes; nothing is changed (pod-network 28)")
  void forms() throws Exception {
    file("10.0.0.2", "with-name\r\neth0");
    file("10.0.0.3", "of-old");
    file("10.0.0.4", "with-line-feed\n");
    file("fd00::5", "with-name\r\neth0");
    file("10.9.9.9", "elsewhere\r\neth0");
    file("10.0.0.6", "");
    file("10.0.0.7", "\0\1 what is this?\n\n\nnothing");
    file("README", "hello");
    Files.createDirectory(network.resolve("10.0.0.8"));
    Map<String, String> before = contentsWithoutFolder();
    assertThat(imported.refresh()).isTrue();
    assertThat(pool.imported())
        .containsExactlyInAnyOrder(
            new ImportedLease(address("10.0.0.2"), "with-name", "eth0"),
            new ImportedLease(address("10.0.0.3"), "of-old", ""),
            new ImportedLease(address("10.0.0.4"), "with-line-feed", ""),
            new ImportedLease(address("fd00::5"), "with-name", "eth0"),
            new ImportedLease(address("10.9.9.9"), "elsewhere", "eth0"),
            new ImportedLease(address("10.0.0.7"), "", ""));
    assertThat(allocate("a")).as("neither 2, 3 nor 4").isEqualTo("10.0.0.5 fd00::2");
    assertThat(allocate("b")).isEqualTo("10.0.0.6 fd00::3");
    assertThat(allocate("c")).as("not 7").isEqualTo("10.0.0.8 fd00::4");
    assertThat(allocate("d")).as("nor fd00::5").isEqualTo("10.0.0.9 fd00::6");
    assertRefused(CniErrorCode.ADDRESS_UNAVAILABLE, "is in use", () -> allocate("e", "10.0.0.2"));
    imported.end(key("with-name", "eth0"));
    imported.collectGarbage("cbr0", Set.of());
    assertThat(contentsWithoutFolder()).isEqualTo(before);
  }

  private Map<String, String> contentsWithoutFolder() throws IOException {
    Files.deleteIfExists(network.resolve("10.0.0.8"));
    Map<String, String> contents = contents();
    Files.createDirectory(network.resolve("10.0.0.8"));
    return contents;
  }

  @Test
  @DisplayName("leases from before the boot are void, without a DEL (pod-network 22, 28)")
  void stale() throws Exception {
    Files.setLastModifiedTime(file("10.0.0.2", "x\r\neth0"), FileTime.from(BOOT.minusSeconds(1)));
    Files.setLastModifiedTime(file("10.0.0.3", "y\r\neth0"), FileTime.from(BOOT));
    imported.refresh();
    assertThat(held()).containsExactly("10.0.0.3");
    assertThat(allocate("a")).startsWith("10.0.0.2 ");
  }

  @Test
  @DisplayName(
      "DEL of the container frees its address for good, restarts included (pod-network 28)")
  void deletion() throws Exception {
    file("10.0.0.2", "pod\r\neth0");
    file("10.0.0.3", "pod\r\neth1");
    file("10.0.0.4", "old");
    imported.refresh();
    imported.end(key("pod", "eth2"));
    imported.end(key("other", "eth0"));
    assertThat(held()).containsExactly("10.0.0.2", "10.0.0.3", "10.0.0.4");
    imported.end(key("pod", "eth0"));
    imported.end(key("old", "eth0"));
    assertThat(held()).containsExactly("10.0.0.3");
    imported.refresh();
    assertThat(held()).as("though the files are still there").containsExactly("10.0.0.3");
    reopen("boot-1", "10.0.0.0/28");
    imported = imports();
    imported.refresh();
    assertThat(held()).as("after a restart").containsExactly("10.0.0.3");
    assertThat(allocate("a")).isEqualTo("10.0.0.2");
    // host-local goes on and gives the address to another container.
    file("10.0.0.2", "another\r\neth0");
    imported.refresh();
    assertThat(held()).containsExactly("10.0.0.2", "10.0.0.3");
    assertThat(Files.readString(folder.resolve("imported.ended")))
        .as("only what is still there is remembered")
        .isEqualTo("10.0.0.4 old\n");
  }

  @Test
  @DisplayName("a file that disappears frees its address, which is used last (pod-network 20, 28)")
  void fileGone() throws Exception {
    configure("10.0.0.0/29");
    Path file = file("10.0.0.2", "pod\r\neth0");
    imported.refresh();
    for (int i = 3; i < 7; i++) {
      assertThat(allocate("c" + i)).isEqualTo("10.0.0." + i);
    }
    assertRefused(CniErrorCode.TRY_AGAIN, "all 5 addresses", () -> allocate("x"));
    Files.delete(file);
    imported.refresh();
    assertThat(allocate("x")).isEqualTo("10.0.0.2");
  }

  @Test
  @DisplayName(
      "GC of host-local's network frees what is not valid, of another nothing (pod-network 14, 28)")
  void garbage() throws Exception {
    file("10.0.0.2", "gone\r\neth0");
    file("10.0.0.3", "there\r\neth0");
    file("10.0.0.4", "no container at all");
    imported.refresh();
    imported.collectGarbage("of-fairlead", Set.of());
    imported.collectGarbage("networks/cbr0", Set.of());
    assertThat(held()).hasSize(3);
    imported.collectGarbage("cbr0", Set.of(new AttachmentKey("cbr0", "there", "eth0")));
    assertThat(held()).containsExactly("10.0.0.3", "10.0.0.4");
  }

  @Test
  @DisplayName(
      "a folder that is missing or none is no failure, and is found later (pod-network 28)")
  void brokenFolder() throws Exception {
    file("10.0.0.2", "pod\r\neth0");
    imported.refresh();
    Path away = Files.move(network, folder.resolve("away"));
    assertThat(imported.refresh()).isFalse();
    assertThat(held()).as("what was held stays held").containsExactly("10.0.0.2");
    Files.writeString(network, "a file");
    assertThat(imported.refresh()).isFalse();
    assertThat(imports().refresh()).isFalse();
    Files.delete(network);
    Files.move(away, network);
    assertThat(imported.refresh()).isTrue();
    Files.createDirectories(folder.resolve("imported.ended/in-the-way"));
    ImportedLeases unremembering = imports();
    assertThat(unremembering.refresh()).isTrue();
    unremembering.end(key("pod", "eth0"));
    assertThat(held()).as("freed, though that cannot be remembered").isEmpty();
  }

  @Test
  @DisplayName("what is held comes into ranges that are configured later, too (pod-network 26, 28)")
  void laterRange() throws Exception {
    file("10.0.5.2", "pod\r\neth0");
    imported.refresh();
    configure("10.0.5.0/24");
    assertThat(allocate("a")).isEqualTo("10.0.5.3");
    assertThat(pool.usage().getFirst().used()).isEqualTo(2);
    // An address that a lease of ours has, too, is free when both are gone.
    file("10.0.5.3", "twice\r\neth0");
    imported.refresh();
    pool.release(key("a"));
    assertRefused(CniErrorCode.ADDRESS_UNAVAILABLE, "is in use", () -> allocate("b", "10.0.5.3"));
    imported.end(key("twice", "eth0"));
    assertThat(allocate("b", "10.0.5.3")).isEqualTo("10.0.5.3");
  }
}
