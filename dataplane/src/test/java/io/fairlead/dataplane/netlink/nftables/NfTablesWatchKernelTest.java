package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do meanwhile: events, ownership, dumps in the midst of changes. */
class NfTablesWatchKernelTest {

  private TestNamespace namespace;
  private NfTablesSocket kernel;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("nftables-watch");
    kernel = namespace.call(NfTablesSocket::open);
  }

  @AfterEach
  void close() {
    kernel.close();
    namespace.close();
  }

  private record Seen(NfEvent event, int port) {}

  private static class Events implements NfTablesMonitor.Listener {

    private final BlockingQueue<Seen> queue = new LinkedBlockingQueue<>();

    @Override
    public void event(NfEvent event, int port) {
      queue.add(new Seen(event, port));
    }

    @Override
    public void overrun() {
      throw new AssertionError("events were dropped");
    }

    @Override
    public void problem(IOException cause) {
      throw new AssertionError(cause);
    }

    Seen next() throws InterruptedException {
      Seen seen = queue.poll(5, TimeUnit.SECONDS);
      assertThat(seen).as("an event within 5 s").isNotNull();
      return java.util.Objects.requireNonNull(seen);
    }
  }

  @Test
  void eventsTellWhatChangedAndWhoDidIt() throws Exception {
    Events events = new Events();
    try (NfTablesMonitor _ =
        namespace.call(() -> NfTablesMonitor.start("watch", List.of(Example.TABLE), events))) {
      kernel.commit(
          NfTransaction.of(
              new NfOperation.AddTable(NfTable.of(Example.TABLE, "")),
              new NfOperation.AddSet(Example.ENDPOINTS),
              Example.elements().get(1)));
      assertThat(events.next())
          .isEqualTo(
              new Seen(
                  new NfEvent.TableChanged(true, NfTable.of(Example.TABLE, "")), kernel.port()));
      assertThat(events.next().event()).isEqualTo(new NfEvent.SetChanged(true, Example.ENDPOINTS));
      assertThat(events.next().event())
          .isInstanceOfSatisfying(
              NfEvent.ElementsChanged.class,
              changed -> assertThat(changed.set()).isEqualTo("endpoints"));
      Seen last = events.next();
      while (last.event() instanceof NfEvent.ElementsChanged) {
        last = events.next();
      }
      long current = kernel.generation();
      assertThat(last.event())
          .isInstanceOfSatisfying(
              NfEvent.NewGeneration.class,
              generation -> assertThat(generation.generation()).isEqualTo(current));

      namespace.run("nft", "add", "table", "ip", "foreign");
      assertThat(events.next().event())
          .isInstanceOfSatisfying(
              NfEvent.NewGeneration.class,
              generation -> assertThat(generation.processName()).isEqualTo("nft"));
      namespace.run("nft", "flush", "ruleset");
      Seen deleted = events.next();
      while (!(deleted.event() instanceof NfEvent.TableChanged)) {
        deleted = events.next();
      }
      assertThat(deleted.event())
          .isEqualTo(new NfEvent.TableChanged(false, NfTable.of(Example.TABLE, "")));
      assertThat(deleted.port()).isNotEqualTo(kernel.port());
    }
  }

  @Test
  void whatASocketDoesThatIsNotHeardIsOnlyAGeneration() throws Exception {
    int own = kernel.port();
    Events events =
        new Events() {
          @Override
          public boolean hears(int port) {
            return port != own;
          }
        };
    try (NfTablesMonitor _ =
        namespace.call(() -> NfTablesMonitor.start("watch", List.of(), events))) {
      kernel.commit(NfTransaction.of(new NfOperation.AddTable(NfTable.of(Example.TABLE, ""))));
      assertThat(events.next().event()).isInstanceOf(NfEvent.NewGeneration.class);
      namespace.run("nft", "add", "table", "ip", "foreign");
      assertThat(events.next().event()).isInstanceOf(NfEvent.TableChanged.class);
    }
  }

  @Test
  void anOwnedTableIsProtectedAndItsOrphanIsAdopted() throws Exception {
    NfTable owned = NfTable.of(Example.TABLE, "mine").ownedAndPersistent();
    try {
      kernel.commit(NfTransaction.of(new NfOperation.AddTable(owned)));
    } catch (NetlinkException e) {
      if (e.isUnsupported()) {
        abort("this kernel has no persistent tables with an owner (Linux 6.9)");
      }
      throw e;
    }
    assertThat(kernel.tables()).containsExactly(owned);
    assertThat(namespace.tryRun("nft", "delete", "table", "inet", "example").exit()).isNotZero();
    try (NfTablesSocket other = namespace.call(NfTablesSocket::open)) {
      assertThatExceptionOfType(NetlinkException.class)
          .isThrownBy(() ->
              other.commit(NfTransaction.of(new NfOperation.AddChain(Example.chains().getFirst()))))
          .matches(NetlinkException::isForbidden);
      kernel.close();
      assertThat(other.tables())
          .containsExactly(new NfTable(Example.TABLE, false, true, false, "mine"));
      other.commit(NfTransaction.of(new NfOperation.AddTable(owned)));
      assertThat(other.tables()).containsExactly(owned);
      other.commit(NfTransaction.of(new NfOperation.AddChain(Example.chains().getFirst())));
    }
    kernel = namespace.call(NfTablesSocket::open);
  }

  @Test
  void aDumpIsOfOneMomentThoughOthersKeepChangingTheTable() throws Exception {
    kernel.commit(Example.transaction());
    AtomicBoolean ended = new AtomicBoolean();
    NfTablesSocket other = namespace.call(NfTablesSocket::open);
    Thread changer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 1000 && !ended.get(); i++) {
                swap(other, i);
              }
            });
    try {
      for (int i = 0; i < 30; i++) {
        TableSnapshot snapshot = kernel.dump(Example.TABLE).orElseThrow();
        // Each transaction moves one element from one map to the other.
        assertThat(snapshot.elements("services").size() + snapshot.elements("interfaces").size())
            .isEqualTo(1);
      }
    } finally {
      ended.set(true);
      changer.join();
      other.close();
    }
  }

  private static void swap(NfTablesSocket other, int round) {
    NfOperation in =
        new NfOperation.AddElements(
            Example.SERVICES, List.of(Example.service("10.96.0.10", 80, 2)));
    NfOperation out =
        new NfOperation.DeleteElements(
            Example.SERVICES, List.of(Example.service("10.96.0.10", 80, 2)));
    SetElement peer =
        SetElement.of(io.fairlead.dataplane.netlink.nftables.expression.Bytes.zeros(20));
    NfOperation add = new NfOperation.AddElements(Example.INTERFACES, List.of(peer));
    NfOperation delete = new NfOperation.DeleteElements(Example.INTERFACES, List.of(peer));
    try {
      other.commit(round % 2 == 0 ? NfTransaction.of(out, add) : NfTransaction.of(in, delete));
      // Longer than a dump takes on a busy machine: a ruleset that never rests cannot be read.
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
