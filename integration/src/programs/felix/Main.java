import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** Starts the bundles that are its arguments. */
public class Main {
  public static void main(String[] arguments) throws Exception {
    Path cache = Files.createTempDirectory("felix");
    Framework framework =
        java.util.ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage", cache.toString(),
                    "org.osgi.framework.storage.clean", "onFirstInit",
                    "felix.log.level", "1"));
    framework.start();
    try {
      BundleContext context = framework.getBundleContext();
      List<Bundle> bundles = new ArrayList<>();
      for (String jar : arguments) {
        bundles.add(context.installBundle(Path.of(jar).toUri().toString()));
      }
      for (Bundle bundle : bundles) {
        bundle.start();
      }
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }
}
