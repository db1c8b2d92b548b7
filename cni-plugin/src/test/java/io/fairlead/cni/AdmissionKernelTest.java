package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.wire.CniResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When pods are let in and out. */
class AdmissionKernelTest extends CniServiceKernelTestBase {

  private void assertNobodyInside() {
    assertNoPod();
    assertThat(admission.inside()).isEmpty();
  }

  @Test
  @DisplayName("a pod is let in before it has an interface, and out with it (policy 1)")
  void order() throws Exception {
    AtomicReference<String> links = new AtomicReference<>("never asked");
    AtomicReference<Lease> asked = new AtomicReference<>();
    admission.gate(lease -> {
      asked.set(lease);
      links.set(
          host.run("ip", "-br", "link", "show", "type", "veth")
              + pod.run("ip", "-br", "link", "show", "type", "veth"));
    });
    assertDone(add("a"));
    assertThat(links.get()).isEmpty();
    assertThat(asked.get().pod()).isEqualTo("ns/pod-a");
    assertThat(asked.get().podUid()).isEqualTo("uid-a");
    assertThat(admission.inside()).containsOnlyKeys(asked.get().key());
    assertDone(request("DEL", "a", "eth0", CONFIG));
    assertNobodyInside();
  }

  @Test
  @DisplayName("a pod that is not let in has no interface and no address (faults 29)")
  void refused() throws Exception {
    admission.gate(_ -> {
      throw new CniException(CniErrorCode.TRY_AGAIN, "nobody knows you");
    });
    assertFailed(add("a"), 11, "nobody knows you");
    assertNobodyInside();
    admission.gate(_ -> {});
    assertDone(add("a"));
    assertThat(admission.inside()).hasSize(1);
  }

  @Test
  @DisplayName("an ADD that fails after the pod was let in lets it out")
  void failedLater() throws Exception {
    pod.run("ip", "link", "add", "eth0", "type", "bridge");
    CniResponse response = add("a");
    assertThat(response.exitCode()).isNotZero();
    assertThat(admission.inside()).isEmpty();
    assertThat(service.attachments()).isEmpty();
  }

  @Test
  @DisplayName("a DEL ends the ADD that waits for it to be let in, and others go on (faults 29)")
  void deleteOvertakes() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    admission.shut(waiting);
    CompletableFuture<CniResponse> slow = CompletableFuture.supplyAsync(() -> add("slow"));
    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
    admission.gate(_ -> {});
    assertDone(add("quick"));
    assertThat(slow).isNotDone();
    assertDone(request("DEL", "slow", "eth0", CONFIG));
    assertFailed(slow.get(10, TimeUnit.SECONDS), 11, "cancelled");
    assertDone(request("DEL", "quick", "eth0", CONFIG));
    assertNobodyInside();
  }

  @Test
  @DisplayName("whoever lost the interface is let out, whoever lost the lease is in (faults 37)")
  void reconciled() throws Exception {
    assertDone(add("a"));
    host.run("ip", "link", "delete", service.attachments().getFirst().hostInterface());
    service.reconcile();
    assertNobodyInside();

    assertDone(add("b"));
    Lease lease = admission.inside().values().iterator().next();
    service.close();
    admission.dismiss(lease.key());
    service = start(folder.resolve("empty"));
    configure("10.1.0.0/24", "fd00:1::/64");
    service.reconcile();
    assertThat(admission.inside())
        .containsOnlyKeys(lease.key())
        .containsValue(new Lease(lease.key(), lease.addresses(), "ns/pod-b"));
  }

  @Test
  @DisplayName("garbage collection lets out whom it removes")
  void garbageCollected() throws Exception {
    assertDone(add("a"));
    assertDone(
        request(
            "GC",
            "",
            "",
            "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"cni.dev/valid-attachments\":[]}"));
    assertNobodyInside();
  }
}
