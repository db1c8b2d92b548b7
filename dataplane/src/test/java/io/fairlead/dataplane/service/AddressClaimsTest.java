package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.AddressClaims.Owner;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bad input of issue 3: Services that want one address. The first by age has it. */
class AddressClaimsTest {

  private static final FrontendAddress SHARED =
      new VirtualAddress(IpAddress.parse("192.0.2.1"), Protocol.TCP, 80);

  private final AddressClaims claims = new AddressClaims();

  /** A Service of that age, with an address of its own and the shared one. */
  private static ServiceFragment sharing(String name, long created) {
    return new TestService()
        .name(name)
        .created(created)
        .clusterIps("10.96.0." + (name.charAt(0) - 'a' + 1))
        .externalIps("192.0.2.1")
        .fragment();
  }

  private ServiceChange put(ServiceFragment fragment) {
    return claims.update(fragment.service(), fragment);
  }

  private String owner(FrontendAddress address) {
    Owner owner = claims.owner(address);
    return owner == null ? "nobody" : owner.service().name();
  }

  @Test
  @DisplayName("the oldest has the address, in whatever order they become known")
  void oldest() {
    put(sharing("b", 200));
    assertThat(owner(SHARED)).isEqualTo("b");
    put(sharing("a", 300));
    assertThat(owner(SHARED)).isEqualTo("b");
    put(sharing("c", 100));
    assertThat(owner(SHARED)).isEqualTo("c");
    assertThat(claims.conflicts())
        .extracting(Object::toString)
        .containsExactly(
            "Service default/b does not get 192.0.2.1:80/tcp, which Service default/c has; give one"
                + " of them another address or port",
            "Service default/a does not get 192.0.2.1:80/tcp, which Service default/c has; give one"
                + " of them another address or port");
    assertThat(claims.isOwner(new ObjectKey("default", "c"), SHARED)).isTrue();
    assertThat(claims.isOwner(new ObjectKey("default", "a"), SHARED)).isFalse();
  }

  @Test
  @DisplayName("of equal age, the first by key")
  void equalAge() {
    put(sharing("b", 100));
    put(sharing("a", 100));
    assertThat(owner(SHARED)).isEqualTo("a");
  }

  @Test
  @DisplayName("when it goes, the next by age takes over")
  void inherited() {
    put(sharing("a", 100));
    put(sharing("b", 300));
    put(sharing("c", 200));
    claims.update(new ObjectKey("default", "a"), null);
    assertThat(owner(SHARED)).isEqualTo("c");
    claims.update(new ObjectKey("default", "c"), null);
    assertThat(owner(SHARED)).isEqualTo("b");
    assertThat(claims.conflicts()).isEmpty();
    claims.update(new ObjectKey("default", "b"), null);
    assertThat(owner(SHARED)).isEqualTo("nobody");
    assertThat(claims.addresses()).isEmpty();
    assertThat(claims.services()).isZero();
  }

  @Test
  @DisplayName("one that waits and goes leaves nothing")
  void waitedInVain() {
    put(sharing("a", 100));
    put(sharing("b", 200));
    claims.update(new ObjectKey("default", "b"), null);
    assertThat(owner(SHARED)).isEqualTo("a");
    assertThat(claims.conflicts()).isEmpty();
  }

  @Test
  @DisplayName(
      "deleted and created again it is the youngest, though of the same name (services 11)")
  void createdAgain() {
    put(sharing("a", 100));
    put(sharing("b", 200));
    claims.update(new ObjectKey("default", "a"), null);
    put(sharing("a", 300));
    assertThat(owner(SHARED)).isEqualTo("b");
  }

  @Test
  @DisplayName("so too if its deletion was never seen (services 11)")
  void replaced() {
    put(sharing("a", 100));
    put(sharing("b", 200));
    assertThat(put(sharing("a", 300)).addresses()).containsExactly(SHARED);
    assertThat(owner(SHARED)).isEqualTo("b");
    assertThat(put(sharing("a", 100)).addresses()).containsExactly(SHARED);
    assertThat(owner(SHARED)).isEqualTo("a");
  }

  @Test
  @DisplayName("a node port is an address like another, in each IP family and protocol")
  void nodePorts() {
    for (String name : new String[] {"b", "a"}) {
      put(
          new TestService()
              .name(name)
              .created(name.equals("a") ? 1 : 2)
              .clusterIps(name.equals("a") ? "10.96.0.1" : "10.96.0.2 fd00::2")
              .port("t", Protocol.TCP, 80, 30080)
              .port("u", name.equals("a") ? Protocol.SCTP : Protocol.UDP, 80, 30080)
              .fragment());
    }
    assertThat(claims.conflicts())
        .singleElement()
        .hasToString(
            "Service default/b does not get node port 30080/tcp (IPv4), which Service default/a"
                + " has; give one of them another address or port");
  }

  @Test
  @DisplayName("who does not get an address still has its others")
  void others() {
    put(sharing("a", 100));
    ServiceChange change = put(sharing("b", 200));
    assertThat(change.addresses()).hasToString("[10.96.0.2:80/tcp]");
    assertThat(owner(change.addresses().iterator().next())).isEqualTo("b");
  }

  @Test
  @DisplayName("two ports of one Service that claim one address: the first in the object has it")
  void withinOneService() {
    ServiceFragment fragment =
        new TestService()
            .port("first", Protocol.TCP, 80, 30080)
            .port("second", Protocol.TCP, 81, 30080)
            .fragment();
    put(fragment);
    FrontendAddress address = new NodePort(AddressFamily.IPV4, Protocol.TCP, 30080);
    assertThat(Objects.requireNonNull(claims.owner(address)).port().name()).isEqualTo("first");
    claims.update(fragment.service(), null);
    assertThat(claims.addresses()).isEmpty();
  }
}
