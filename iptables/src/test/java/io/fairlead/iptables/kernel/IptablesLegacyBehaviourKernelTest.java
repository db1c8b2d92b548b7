package io.fairlead.iptables.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import io.fairlead.iptables.IptablesServices;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Services as chains of iptables, written by the programs of iptables-legacy, with packets. */
class IptablesLegacyBehaviourKernelTest extends ServiceBehaviour {

  @TempDir Path folder = Path.of("/nonexistent");

  @Override
  protected String name() {
    return "iptables-legacy";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings) {
    LegacyXtables kernel = new LegacyXtables(new TestPlace(node(), folder.resolve("lock")));
    return new IptablesServices(kernel, claims, settings, () -> {});
  }

  @Override
  protected void settle(ServiceBackend backend) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    backend.whenInKernel(held::countDown);
    assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
  }
}
