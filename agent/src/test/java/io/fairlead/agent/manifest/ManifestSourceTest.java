package io.fairlead.agent.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.agent.Eventually;
import io.fairlead.agent.source.SourceException;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import io.fairlead.dataplane.model.ServiceRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestSourceTest {

  @TempDir Path folder;
  @TempDir Path copies;

  private final List<ObjectChange> changes = new CopyOnWriteArrayList<>();
  private final Map<String, ServiceRecord> services = new ConcurrentHashMap<>();
  private ManifestSource source;

  @BeforeEach
  void make() {
    source = new ManifestSource(folder, "n1", copies);
  }

  private void start() throws SourceException {
    source.start(change -> {
      changes.add(change);
      if (change instanceof ServiceChanged changed) {
        String name = changed.key().name();
        ServiceRecord record = changed.service();
        if (record == null) {
          services.remove(name);
        } else {
          services.put(name, record);
        }
      }
    });
    Eventually.holds("in sync", () -> changes.contains(new Synced()));
  }

  @AfterEach
  void stop() {
    source.close();
  }

  private static String service(String name, String address) {
    return "---\n{apiVersion: v1, kind: Service, metadata: {name: "
        + name
        + "}, spec: {clusterIP: "
        + address
        + ", ports: [{port: 80}]}}\n";
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void has(String name, String address) {
    Eventually.holds(
        name + " has " + address,
        () -> {
          ServiceRecord record = services.get(name);
          return record != null && record.clusterIps().getFirst().toString().equals(address);
        });
  }

  private void gone(String name) {
    Eventually.holds(name + " is gone", () -> !services.containsKey(name));
  }

  private void skipped(String reason) {
    Eventually.holds(
        reason, () -> source.skipped().stream().anyMatch(s -> s.reason().contains(reason)));
  }

  @Test
  @DisplayName("what exists comes before Synced; files come, change, are renamed and go")
  void lifeOfFiles() throws Exception {
    write("a.yaml", service("a", "10.96.0.1") + service("b", "10.96.0.2"));
    write("ignored.txt", service("x", "10.96.0.9"));
    write(".hidden.yaml", service("y", "10.96.0.9"));
    start();
    assertThat(changes.getLast()).isEqualTo(new Synced());
    assertThat(services).containsOnlyKeys("a", "b");

    write("a.yaml", service("a", "10.96.0.3"));
    has("a", "10.96.0.3");
    gone("b");

    Path next = folder.resolve("next.tmp");
    Files.writeString(next, service("c", "10.96.0.4"));
    Files.move(next, folder.resolve("c.yml"), StandardCopyOption.ATOMIC_MOVE);
    has("c", "10.96.0.4");

    Files.delete(folder.resolve("a.yaml"));
    gone("a");
    assertThat(services).containsOnlyKeys("c");
    assertThat(source.skipped()).isEmpty();
    assertThat(source.status().problem()).isNull();
  }

  @Test
  @DisplayName("of two descriptions the first file's counts, until it goes")
  void duplicates() throws Exception {
    write("b.yaml", service("a", "10.96.0.2"));
    start();
    has("a", "10.96.0.2");

    write("a.yaml", service("a", "10.96.0.1"));
    has("a", "10.96.0.1");
    skipped("b.yaml:2 describes it again; a.yaml:2 counts");

    Files.delete(folder.resolve("a.yaml"));
    has("a", "10.96.0.2");
    assertThat(source.skipped()).isEmpty();
  }

  @Test
  @DisplayName("a half-written or emptied file is reported, and what it said before stays")
  void halfWritten() throws Exception {
    write("a.yaml", service("a", "10.96.0.1"));
    start();

    write("a.yaml", "{apiVersion: v1, kind: Service, metadata: {na");
    skipped("is not well-formed");
    assertThat(services).containsKey("a");

    write("a.yaml", "");
    skipped("it is empty now");
    assertThat(services).containsKey("a");

    write("a.yaml", service("a", "10.96.0.2"));
    has("a", "10.96.0.2");
    Eventually.holds("nothing is reported", () -> source.skipped().isEmpty());
    assertThat(changes)
        .as("never said to be gone")
        .noneMatch(c -> c instanceof ServiceChanged s && s.service() == null);
  }

  private void restart() throws Exception {
    source.close();
    changes.clear();
    services.clear();
    make();
  }

  @Test
  @DisplayName("damaged while no agent ran: what a file last said is known again (faults 1, 9, 14)")
  void damagedWhileStopped() throws Exception {
    write("a.yaml", service("a", "10.96.0.1"));
    write("b.yaml", service("b1", "10.96.0.2") + service("b2", "10.96.0.3"));
    write("c.yaml", service("c", "10.96.0.4"));
    write("d.yaml", service("d", "10.96.0.5"));
    start();
    write("a.yaml", service("a", "10.96.0.11"));
    has("a", "10.96.0.11");
    restart();
    write("a.yaml", "\u0000{apiVersion: v1, kind: Service, metadata: {na");
    write(
        "b.yaml",
        "{apiVersion: v1, kind: Service, metadata: {name: b1}, spec: {ports: [{port: x}]}}\n"
            + service("b2", "10.96.0.33"));
    write("c.yaml", "");
    Files.delete(folder.resolve("d.yaml"));
    write("e.yaml", "half");
    write("f.yaml", service("f", "10.96.0.6"));
    start();
    assertThat(services).containsOnlyKeys("a", "b1", "b2", "c", "f");
    has("a", "10.96.0.11");
    has("b1", "10.96.0.2");
    has("b2", "10.96.0.33");
    assertThat(source.skipped()).hasSize(4);
    restart();
    write("d.yaml", "half again");
    write("a.yaml", service("a", "10.96.0.1"));
    start();
    assertThat(services).as("a deleted file has no past").doesNotContainKey("d");
    has("a", "10.96.0.1");
  }

  @Test
  @DisplayName("copies that cannot be kept change nothing but that (faults 37)")
  void noCopies() throws Exception {
    copies = Files.writeString(copies.resolve("file"), "in the way");
    source = new ManifestSource(folder, "n1", copies);
    write("a.yaml", service("a", "10.96.0.1"));
    start();
    has("a", "10.96.0.1");
    write("a.yaml", service("a", "10.96.0.2"));
    has("a", "10.96.0.2");
    Files.delete(folder.resolve("a.yaml"));
    gone("a");
  }

  @Test
  @DisplayName("a file larger than the memory is reported without being read (faults 14)")
  void larger() throws Exception {
    write("b.yaml", service("b", "10.96.0.2"));
    try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("a.yaml").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    start();
    skipped("it is larger than 64 MiB");
    has("b", "10.96.0.2");
    write("b.yaml", service("b", "10.96.0.3"));
    has("b", "10.96.0.3");
  }

  @Test
  @DisplayName("one object that cannot be read keeps what it was; its neighbours change")
  void oneBadObject() throws Exception {
    write("a.yaml", service("a", "10.96.0.1") + service("b", "10.96.0.2"));
    start();
    write(
        "a.yaml",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: x}]}}\n"
            + service("b", "10.96.0.3"));
    has("b", "10.96.0.3");
    assertThat(services).containsKey("a");
    skipped("spec.ports[0].port");
  }

  @Test
  @DisplayName("a folder that goes and comes back is read again")
  void folderReplaced(@TempDir Path parent) throws Exception {
    folder = Files.createDirectory(parent.resolve("m"));
    source = new ManifestSource(folder, "n1", copies);
    write("a.yaml", service("a", "10.96.0.1"));
    start();
    Files.move(folder, parent.resolve("old"));
    Files.delete(parent.resolve("old/a.yaml"));
    Files.delete(parent.resolve("old"));
    Files.createDirectory(folder);
    write("b.yaml", service("b", "10.96.0.2"));
    has("b", "10.96.0.2");
    gone("a");
  }

  @Test
  @DisplayName("a folder that does not exist is named")
  void noFolder() {
    ManifestSource missing = new ManifestSource(folder.resolve("missing"), "n1", copies);
    assertThatThrownBy(() -> missing.start(_ -> {}))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("There is no folder " + folder.resolve("missing"));
    missing.close();
  }
}
