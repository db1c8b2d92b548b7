package io.fairlead.cni.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeleteQueueTest {

  @TempDir private Path folder;

  private static byte[] frame(String command, String container) throws FrameException {
    return RequestFrame.write(
        new CniRequest(
            Map.of("CNI_COMMAND", command, "CNI_CONTAINERID", container),
            "{}".getBytes(StandardCharsets.UTF_8)),
        0);
  }

  @Test
  void aFolderThatDoesNotExistIsEmpty() throws Exception {
    DeleteQueue.Contents contents = new DeleteQueue(folder.resolve("none")).read();
    assertThat(contents.deletions()).isEmpty();
    assertThat(contents.problems()).isEmpty();
  }

  @Test
  @DisplayName("queued deletions are replayed in order, and once (pod-network 16)")
  void inOrder() throws Exception {
    Files.write(folder.resolve("002-1.request"), frame("DEL", "second"));
    Files.write(folder.resolve("001-9.request"), frame("DEL", "first"));
    Files.write(folder.resolve(".7.partial"), new byte[] {1});
    DeleteQueue queue = new DeleteQueue(folder);
    List<DeleteQueue.Queued> deletions = queue.read().deletions();
    assertThat(deletions)
        .extracting(deletion -> deletion.request().environment().get("CNI_CONTAINERID"))
        .containsExactly("first", "second");
    queue.remove(deletions.getFirst());
    queue.remove(deletions.getFirst());
    assertThat(queue.read().deletions()).containsExactly(deletions.getLast());
  }

  @Test
  @DisplayName("a corrupt or foreign file is set aside and named; the others are read (faults 14)")
  void corruptFiles() throws Exception {
    byte[] whole = frame("DEL", "good");
    Files.write(folder.resolve("1.request"), java.util.Arrays.copyOf(whole, whole.length - 1));
    Files.write(folder.resolve("2.request"), new byte[0]);
    Files.write(folder.resolve("3.request"), frame("ADD", "x"));
    Files.write(folder.resolve("4.request"), new byte[3 << 20]);
    Files.write(folder.resolve("5.request"), whole);
    DeleteQueue queue = new DeleteQueue(folder);
    DeleteQueue.Contents contents = queue.read();
    assertThat(contents.deletions()).hasSize(1);
    assertThat(contents.problems())
        .hasSize(4)
        .allMatch(problem -> problem.contains("is given up") && problem.contains("renamed"));
    assertThat(folder.resolve("1.request.aside")).exists();
    assertThat(queue.read().problems()).isEmpty();
  }

  @Test
  @DisplayName("what a killed plugin left half written goes, but not what one writes now")
  void partialFiles() throws Exception {
    Path old = Files.write(folder.resolve(".7.partial"), new byte[] {1});
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100)));
    Path fresh = Files.write(folder.resolve(".8.partial"), new byte[] {1});
    assertThat(new DeleteQueue(folder).read().problems()).isEmpty();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }
}
