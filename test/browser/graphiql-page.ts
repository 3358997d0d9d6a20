import type { BrowserContext, Locator, Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import type { Answer } from '../support/service.ts';
import { open } from './support.ts';

/** GraphiQL, by what a person sees and does. */
export async function openGraphiQL(context: BrowserContext, url: string, first = 'query WhatExpiresNext {') {
  const opened = await open(context, url);
  const { page } = opened;
  const region = (name: string) => page.getByRole('region', { name });
  const writeInto = async (name: string, text: string) => {
    await region(name).getByRole('code').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  };
  const operation = async () => seen(region('Operation Editor'));
  await expect.poll(operation).toContain(first);
  return {
    ...opened,
    operation,
    result: async () => seen(region('Result Window')),
    docs: region('Documentation Explorer'),
    openTab: async (name: string) => {
      await page.getByRole('tab').getByRole('button', { name, exact: true }).click();
      await expect.poll(operation).toMatch(new RegExp(`(query|mutation) ${name}`));
      await lookAtIt(page);
    },
    press: async (button: string | RegExp) => page.getByRole('button', { name: button }).click(),
    writeInto,
    /** In a new tab. */
    writeOperation: async (text: string) => {
      await page.getByRole('button', { name: 'New tab' }).click();
      await writeInto('Operation Editor', text);
      await lookAtIt(page);
    },
    /** Runs the operation, and returns its response. */
    run: async (): Promise<Answer> => {
      const [response] = await Promise.all([
        page.waitForResponse((candidate) => isAnswerToOperation(candidate.request())),
        page.getByRole('button', { name: /^Execute query/ }).click(),
      ]);
      return response.json();
    },
  };
}

/** The visible text, independent of line breaks. */
const seen = async (place: Locator) => (await place.innerText()).replaceAll(/\s+/g, ' ');

/** GraphiQL finds the operations of a document only after a pause in typing, by the clock of the page. */
const lookAtIt = async (page: Page) =>
  page.evaluate(async () => new Promise((resolve) => setTimeout(resolve, 500)));

const isAnswerToOperation = (request: Request) =>
  request.method() === 'POST' && request.postDataJSON().operationName !== 'IntrospectionQuery';
