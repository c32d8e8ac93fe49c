import { readForm } from './read-form.ts';

const SIGN_IN = `<form autocomplete="off" action="/interaction/a?b=1&amp;c=2" method="post">
  <input type="hidden" name="prompt" value="login"/>
  <input required type="text" name="login" placeholder="Enter any login" autofocus="on">
  <input required type="password" name="password"></form>`;

describe('readForm', () => {
  it.each<{ name: string; html: string; values?: Record<string, string>; expected: unknown }>([
    {
      name: 'keeps hidden fields, fills in the others and decodes the action',
      html: SIGN_IN,
      values: { login: 'ada', password: 'x' },
      expected: {
        action: '/interaction/a?b=1&c=2',
        fields: { prompt: 'login', login: 'ada', password: 'x' },
      },
    },
    {
      name: 'is null when a field is asked for that nobody knows',
      html: SIGN_IN,
      values: { login: 'ada' },
      expected: null,
    },
    { name: 'is null without a form', html: '<p>sorry</p>', expected: null },
    {
      name: 'passes over a form that is not posted',
      html: '<form action="/q" method="get"></form>',
      expected: null,
    },
  ])('$name', ({ html, values = {}, expected }) => {
    expect(readForm(html, values)).toEqual(expected);
  });
});
