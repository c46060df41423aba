import "@mantine/core/styles.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { Console } from "./console.js";

const root = document.getElementById("root");
if (root === null) throw new Error("expected an element #root in index.html; found none");
createRoot(root).render(
  <MantineProvider>
    <QueryClientProvider client={new QueryClient()}>
      <Console />
    </QueryClientProvider>
  </MantineProvider>,
);
