package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.attachment.OptionsText;
import io.fairlead.cni.protocol.CniErrorCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of leases when the journal is cut off, damaged, old, or cannot be written. */
class LeaseJournalTest extends PoolFixture {

  private static final AttachmentOptions OPTIONS =
      OptionsText.read("mtu=1400;port=udp,53,5353,fd00::7;bandwidth=1000000,0,0,5");

  private static String line(String content) {
    CRC32C crc = new CRC32C();
    crc.update(content.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue()) + " " + content + "\n";
  }

  @Test
  @DisplayName("an address whose release was not recorded is its later holder's alone (faults 37)")
  void lostRelease() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    pool.release(key("a"));
    allocate("b");
    List<String> lines = Files.readAllLines(journal());
    Files.write(journal(), lines.stream().filter(line -> !line.contains(" release ")).toList());
    reopen("boot-1", "10.0.0.0/30");
    assertThat(containers(pool.leases())).containsExactly("b");
    assertThat(pool.release(key("a"))).isEmpty();
    assertThat(pool.trouble()).as("the only address is in use").isPresent();
  }

  @Test
  @DisplayName("a journal cut off anywhere keeps every whole line, and goes on (pod-network 23)")
  void truncation() throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    allocate("b");
    pool.retire(key("b"));
    pool.release(key("a"));
    allocate("c");
    pool.release(key("b"));
    allocate("a");
    pool.retire(key("c"));
    byte[] whole = Files.readAllBytes(journal());
    for (int length = 0; length <= whole.length; length++) {
      Files.write(journal(), Arrays.copyOf(whole, length));
      Set<String> leased = new TreeSet<>();
      Set<String> retiring = new TreeSet<>();
      int end = 0;
      for (String line : new String(whole, StandardCharsets.UTF_8).lines().toList()) {
        end += line.length();
        if (end > length) {
          break;
        }
        end++;
        String[] words = line.split(" ", -1);
        if (words[1].equals("lease")) {
          leased.add(words[4]);
        } else if (words[1].equals("retire")) {
          leased.remove(words[3]);
          retiring.add(words[3]);
        } else if (words[1].equals("release")) {
          leased.remove(words[3]);
          retiring.remove(words[3]);
        }
      }
      reopen("boot-1", "10.0.0.0/24");
      assertThat(containers(pool.leases()))
          .as("leased, cut to %d bytes", length)
          .containsExactlyInAnyOrderElementsOf(leased);
      assertThat(containers(pool.retiring()))
          .as("retiring, cut to %d bytes", length)
          .containsExactlyInAnyOrderElementsOf(retiring);
      allocate("later");
      reopen("boot-1", "10.0.0.0/24");
      assertThat(pool.lease(key("later"))).isPresent();
    }
  }

  @Test
  @DisplayName("power loss: whatever the file has become, another boot starts (pod-network 22, 23)")
  void powerLoss() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    byte[] whole = Files.readAllBytes(journal());
    for (byte[] left :
        new byte[][] {
          new byte[0], new byte[whole.length], Arrays.copyOf(whole, whole.length - 9), whole
        }) {
      Files.write(journal(), left);
      reopen("boot-2", "10.0.0.0/30");
      assertThat(pool.leases()).isEmpty();
      assertThat(allocate("b")).isEqualTo("10.0.0.2");
      reopen("boot-2", "10.0.0.0/30");
      assertThat(containers(pool.leases())).containsExactly("b");
    }
  }

  @Test
  @DisplayName(
      "a damaged line costs only itself; garbage is kept aside (pod-network 23, faults 37)")
  void damage() throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    pool.allocate(key("b"), AddressRequest.ANY, "ns/b", "uid", OPTIONS);
    allocate("c");
    String text = Files.readString(journal()).replace("n b eth0 10.0.0.3", "n b eth0 10.0.0.9");
    Files.writeString(journal(), text);
    Files.write(journal(), new byte[] {0, -1, 10, -61}, StandardOpenOption.APPEND);
    reopen("boot-1", "10.0.0.0/24");
    assertThat(containers(pool.leases())).containsExactly("a", "c");
    assertThat(folder.resolve("leases.journal.damaged")).exists();
    // The kernel still knows "b": adopting it keeps its address from being handed out again.
    Lease told = new Lease(key("b"), List.of(address("10.0.0.3")), "ns/b");
    pool.adopt(told);
    assertThat(allocate("d")).isEqualTo("10.0.0.5");
    reopen("boot-1", "10.0.0.0/24");
    assertThat(pool.lease(key("b"))).as("without its options").hasValue(told);
  }

  @Test
  @DisplayName(
      "lines of before options and UIDs, and of later versions, are read; options outlive restarts"
          + " (faults 22)")
  void oldLines() throws Exception {
    pool.close();
    Files.writeString(
        journal(),
        line("lease boot-1 n seven eth0 10.0.0.2,fd00::2 ns/a")
            + line("lease boot-1 n eight eth0 10.0.0.3 ns/b uid-b")
            + line("lease boot-1 n nine eth0 10.0.0.4 - - " + OptionsText.write(OPTIONS))
            + line("lease boot-1 n ten eth0 10.0.0.5 - - - of-a-later-version")
            + line("quarantine n nine eth0"));
    for (int restart = 0; restart < 2; restart++) {
      reopen("boot-1", "10.0.0.0/24");
      assertThat(pool.leases())
          .containsExactly(
              new Lease(key("seven"), List.of(address("10.0.0.2"), address("fd00::2")), "ns/a"),
              new Lease(key("eight"), List.of(address("10.0.0.3")), "ns/b", "uid-b"),
              new Lease(key("nine"), List.of(address("10.0.0.4")), null, "", OPTIONS));
    }
    assertThat(Files.readString(folder.resolve("leases.journal.damaged")))
        .as("what a later version wrote is kept")
        .contains("of-a-later-version", "quarantine");
  }

  @Test
  @DisplayName("retiring leases survive compaction and restarts, with options (pod-network 20)")
  void rewriteWhileRetiring() throws Exception {
    configure("10.0.0.0/29");
    pool.allocate(key("slow"), AddressRequest.ANY, "ns/slow", "uid", OPTIONS);
    Lease lease = pool.retire(key("slow")).orElseThrow();
    for (int i = 0; i < 3000; i++) {
      assertThat(allocate("c" + i)).as("quarantined").isNotEqualTo("10.0.0.2");
      pool.release(key("c" + i));
    }
    assertThat(Files.size(journal())).as("compacted").isLessThan(200_000);
    reopen("boot-1", "10.0.0.0/29");
    assertThat(pool.retiring()).containsExactly(lease);
    assertThat(pool.release(key("slow"))).hasValue(lease);
    reopen("boot-1", "10.0.0.0/29");
    assertThat(pool.retiring()).isEmpty();
    for (int i = 3; i < 7; i++) {
      allocate("n" + i);
    }
    assertThat(allocate("last")).as("released last, so used last").isEqualTo("10.0.0.2");
  }

  @Test
  @DisplayName("a reboot ends the quarantine, too: its links are gone (pod-network 22)")
  void rebootWhileRetiring() throws Exception {
    configure("10.0.0.0/30");
    allocate("a");
    pool.retire(key("a"));
    reopen("boot-2", "10.0.0.0/30");
    assertThat(pool.retiring()).isEmpty();
    assertThat(allocate("b")).isEqualTo("10.0.0.2");
  }

  @Test
  @DisplayName("a full disk: the agent starts, ADD is refused, DEL passes (faults 37)")
  void fullDisk() throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    pool.close(); // every write fails from here on, as on a full disk
    assertRefused(CniErrorCode.IO_FAILURE, "is the disk full", () -> allocate("b"));
    assertThat(pool.lease(key("b"))).isEmpty();
    assertThat(pool.retire(key("a"))).isPresent();
    assertThat(pool.release(key("a"))).isPresent();
  }

  @ParameterizedTest
  @DisplayName("a file that cannot be compacted at the start is used as it is (faults 37)")
  @ValueSource(strings = {"", "0bad", "\n"})
  void cannotBeRewritten(String torn) throws Exception {
    configure("10.0.0.0/24");
    allocate("a");
    Files.writeString(journal(), torn, StandardOpenOption.APPEND);
    Files.createDirectories(folder.resolve("leases.journal.new/in-the-way"));
    Files.createDirectories(folder.resolve("leases.journal.damaged/in-the-way"));
    reopen("boot-1", "10.0.0.0/24");
    assertThat(containers(pool.leases())).containsExactly("a");
    allocate("b");
    reopen("boot-1", "10.0.0.0/24");
    assertThat(containers(pool.leases())).containsExactly("a", "b");
  }
}
