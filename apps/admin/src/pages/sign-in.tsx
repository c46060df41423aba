import { Button, Container, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.js";
import { ProblemNote } from "../components/answer.js";

export function SignIn() {
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: (form: FormData) => api.signIn({ name: textOf(form, "name"), password: textOf(form, "password") }),
    onSuccess: (session) => queries.setQueryData(["session"], session),
  });
  return (
    <Container size="xs" py="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(new FormData(event.currentTarget));
        }}
      >
        <Stack>
          <Title order={1}>Ballast</Title>
          <TextInput name="name" label="Name" autoComplete="username" required />
          <PasswordInput name="password" label="Password" autoComplete="current-password" required />
          {signIn.error && <ProblemNote error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Container>
  );
}

/** What was typed into a field; a form of ours holds no files. */
function textOf(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === "string" ? value : "";
}
