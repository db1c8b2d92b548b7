package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.real;
import static io.fairlead.dataplane.netlink.ipvs.IpvsExamples.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FakeIpvsTest extends IpvsContract {

  private static final IpvsOperation ADD = new IpvsOperation.AddVirtualServer(server(DNS, "rr"));
  private static final IpvsOperation ADD_ONE = new IpvsOperation.AddRealServer(DNS, ONE);

  private final FakeIpvs fake = new FakeIpvs();

  @Override
  IpvsKernel kernel() {
    return fake;
  }

  @Test
  void itsTextHasALineForEachServer() throws IOException {
    fake.apply(
        List.of(
            new IpvsOperation.AddVirtualServer(server(MARK, "rr")),
            ADD,
            new IpvsOperation.AddRealServer(DNS, TWO),
            ADD_ONE));
    assertThat(fake)
        .hasToString(
            """
            10.96.0.10:53/udp rr
              10.244.1.1:5353 weight 1
              10.244.1.2:5353 weight 100
            mark 0x46000001 (IPv4) rr
            """);
  }

  @Test
  void onlyWhatTookEffectWasApplied() throws IOException {
    assertThat(fake.apply(List.of(ADD, ADD, ADD_ONE))).hasSize(1);
    assertThat(fake.takeApplied()).containsExactly(ADD, ADD_ONE);
    assertThat(fake.takeApplied()).isEmpty();
    assertThat(fake.messages()).isEqualTo(3);
    fake.realServers(DNS);
    fake.virtualServers();
    assertThat(fake.messages()).isEqualTo(5);
  }

  @Test
  void failuresAreInjectedOnce() throws IOException {
    fake.failNext(new IOException("lost"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> fake.apply(List.of(ADD)))
        .withMessage("lost");
    fake.refuseNext(ADD_ONE.toString(), Errno.ENOMEM);
    List<IpvsKernel.Failure> failures = fake.apply(List.of(ADD, ADD_ONE));
    assertThat(failures)
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.operation()).isEqualTo(ADD_ONE);
          assertThat(failure.cause())
              .hasMessage(
                  "add real server 10.244.1.1:5353 weight 1 to 10.96.0.10:53/udp: "
                      + Errno.describe(Errno.ENOMEM));
        });
    assertThat(fake.apply(List.of(ADD_ONE))).isEmpty();
  }

  @Test
  void othersDisturbIt() throws IOException {
    VirtualServer foreign = new VirtualServer(DNS, "rr", Set.of(), 0, "-o");
    fake.disturb(foreign, ONE);
    fake.disturb(foreign, real("10.244.1.1", 5353, 9), TWO);
    fake.disturb(new IpvsOperation.DeleteRealServer(DNS, TWO.id()));
    assertThat(fake).hasToString("10.96.0.10:53/udp rr -o\n  10.244.1.1:5353 weight 9\n");
    assertThat(fake.takeApplied()).isEmpty();
    assertThat(fake.messages()).isZero();
  }

  @Test
  void itCountsWhatItIsTold() throws IOException {
    fake.apply(List.of(ADD, ADD_ONE));
    IpvsStatistics statistics = new IpvsStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    fake.count(DNS, statistics);
    fake.count(DNS, ONE.id(), 3, 4);
    RealServer drained = real("10.244.1.1", 5353, 0);
    fake.apply(List.of(new IpvsOperation.ChangeRealServer(DNS, drained)));
    assertThat(fake.realServers(DNS))
        .containsExactly(new RealServerStatus(drained, 3, 4, 0, IpvsStatistics.NONE));
    assertThat(fake.virtualServers())
        .containsExactly(new VirtualServerStatus(server(DNS, "rr"), statistics));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fake.count(DNS, TWO.id(), 1, 1))
        .withMessage("10.96.0.10:53/udp rr has no real server 10.244.1.2:5353");
    assertThatIllegalArgumentException().isThrownBy(() -> fake.count(UNKNOWN, statistics));
  }

  @Test
  void itHasTheSchedulersItWasGiven() throws IOException {
    FakeIpvs small = new FakeIpvs(Set.of("rr"));
    assertThat(small.apply(List.of(ADD))).isEmpty();
    assertThat(small.apply(List.of(new IpvsOperation.ChangeVirtualServer(server(DNS, "wrr")))))
        .singleElement()
        .satisfies(failure -> assertThat(failure.cause().errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void daemonsAreThoseOfOthers() {
    SyncDaemon daemon = new SyncDaemon(SyncDaemon.Role.BACKUP, "eth0", 3);
    fake.addDaemon(daemon);
    assertThat(fake.daemons()).containsExactly(daemon);
  }
}
